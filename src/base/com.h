// Reference-counted objects, and the smart pointer that holds a reference. Counting is atomic; the thread that drops
// the last reference runs the destructor.

#pragma once

#include <windows.h>

#include <unknwn.h>

#include <atomic>
#include <utility>

namespace rtworkq {

/// Holds one reference to a T that has AddRef and Release.
template <class T>
class ComPtr {
 public:
  ComPtr() noexcept = default;
  ~ComPtr() { reset(); }

  ComPtr(const ComPtr& other) noexcept : pointer_(other.pointer_) {
    if (pointer_) pointer_->AddRef();
  }
  ComPtr(ComPtr&& other) noexcept : pointer_(other.detach()) {}
  /// Converts from a pointer to a derived class.
  template <class U>
  ComPtr(ComPtr<U> other) noexcept : pointer_(other.detach()) {}
  ComPtr& operator=(ComPtr other) noexcept {
    std::swap(pointer_, other.pointer_);
    return *this;
  }

  /// Takes over a reference that the caller owns.
  static ComPtr adopt(T* pointer) noexcept {
    ComPtr result;
    result.pointer_ = pointer;
    return result;
  }

  /// Adds a reference.
  static ComPtr share(T& object) noexcept {
    object.AddRef();
    return adopt(&object);
  }

  T* get() const noexcept { return pointer_; }
  T* operator->() const noexcept { return pointer_; }
  T& operator*() const noexcept { return *pointer_; }
  explicit operator bool() const noexcept { return pointer_ != nullptr; }

  /// For functions that return a reference through a parameter.
  T** put() noexcept {
    reset();
    return &pointer_;
  }

  /// Transfers the reference to the caller.
  [[nodiscard]] T* detach() noexcept { return std::exchange(pointer_, nullptr); }

  void reset() noexcept {
    if (T* pointer = std::exchange(pointer_, nullptr)) pointer->Release();
  }

 private:
  T* pointer_ = nullptr;
};

template <class T, class... Arguments>
ComPtr<T> make(Arguments&&... arguments) {
  return ComPtr<T>::adopt(new T(std::forward<Arguments>(arguments)...));
}

/// A reference-counted object that is not a COM object.
class Counted {
 public:
  virtual ULONG STDMETHODCALLTYPE AddRef() noexcept = 0;
  virtual ULONG STDMETHODCALLTYPE Release() noexcept = 0;

 protected:
  ~Counted() = default;
};

/// An object that starts with one reference. Base declares AddRef and Release, perhaps in several of its own bases.
template <class Base>
class RefCounted : public Base {
 public:
  template <class... Arguments>
  explicit RefCounted(Arguments&&... arguments) noexcept : Base(std::forward<Arguments>(arguments)...) {}
  RefCounted(const RefCounted&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;

  ULONG STDMETHODCALLTYPE AddRef() noexcept override { return references_.fetch_add(1, std::memory_order_relaxed) + 1; }

  ULONG STDMETHODCALLTYPE Release() noexcept override {
    const ULONG left = references_.fetch_sub(1, std::memory_order_acq_rel) - 1;
    if (left == 0) destroy();
    return left;
  }

 protected:
  virtual ~RefCounted() = default;

  /// Called when the last reference is gone.
  virtual void destroy() noexcept { delete this; }

 private:
  std::atomic<ULONG> references_{1};
};

/// A COM object with one interface besides IUnknown. Base is that interface or derives from it.
template <class Interface, class Base = Interface>
class ComObject : public RefCounted<Base> {
 public:
  using RefCounted<Base>::RefCounted;

  HRESULT STDMETHODCALLTYPE QueryInterface(REFIID id, void** object) noexcept final {
    if (!object) return E_POINTER;
    *object = nullptr;
    if (!IsEqualIID(id, __uuidof(IUnknown)) && !IsEqualIID(id, __uuidof(Interface))) return E_NOINTERFACE;
    *object = static_cast<Interface*>(this);
    this->AddRef();
    return S_OK;
  }
};

}  // namespace rtworkq
