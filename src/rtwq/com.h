// The ownership vocabulary: reference-counted objects and the pointer that holds one reference.
// Counting is atomic; whichever thread drops the last reference runs the destructor.

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
  ComPtr(ComPtr&& other) noexcept : pointer_(std::exchange(other.pointer_, nullptr)) {}
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

  /// Adds a reference of its own.
  static ComPtr share(T& object) noexcept {
    object.AddRef();
    return adopt(&object);
  }

  T* get() const noexcept { return pointer_; }
  T* operator->() const noexcept { return pointer_; }
  T& operator*() const noexcept { return *pointer_; }
  explicit operator bool() const noexcept { return pointer_ != nullptr; }

  /// Where a function that returns a reference through a parameter may put it.
  T** put() noexcept {
    reset();
    return &pointer_;
  }

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

/// An object born with one reference. Base declares AddRef and Release as IUnknown does.
template <class Base>
class RefCounted : public Base {
 public:
  RefCounted() noexcept = default;
  RefCounted(const RefCounted&) = delete;
  RefCounted& operator=(const RefCounted&) = delete;

  ULONG STDMETHODCALLTYPE AddRef() noexcept override { return references_.fetch_add(1, std::memory_order_relaxed) + 1; }

  ULONG STDMETHODCALLTYPE Release() noexcept override {
    const ULONG left = references_.fetch_sub(1, std::memory_order_acq_rel) - 1;
    if (left == 0) delete this;
    return left;
  }

 protected:
  virtual ~RefCounted() = default;

 private:
  std::atomic<ULONG> references_{1};
};

/// A COM object of one interface besides IUnknown.
template <class Interface>
class ComObject : public RefCounted<Interface> {
 public:
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
