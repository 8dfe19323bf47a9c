# Compiler settings for every native target. The MSVC settings are for node-gyp on Windows, cflags_cc and ldflags for the
# cross compiler on Linux (scripts/lib/mingw.mjs). Written as JSON with comments, so that both can read it.
{
  "target_defaults": {
    "include_dirs": [
      "<!(node -p \"require('node-addon-api').include_dir\")",
      "<!(node -p \"require('node-api-headers').include_dir\")"
    ],
    "defines": [
      "NAPI_VERSION=9",
      "NODE_ADDON_API_CPP_EXCEPTIONS_ALL",
      "NODE_ADDON_API_DISABLE_DEPRECATED",
      "NODE_API_NO_EXTERNAL_BUFFERS_ALLOWED",
      "NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS",
      "NOMINMAX",
      "UNICODE",
      "_UNICODE",
      "WIN32_LEAN_AND_MEAN"
    ],
    "defines!": ["_HAS_EXCEPTIONS=0"],
    "cflags_cc": [
      "-std=c++20",
      "-O2",
      "-fvisibility=hidden",
      "-ffunction-sections",
      "-Wall",
      "-Wextra",
      "-Wpedantic",
      "-Wshadow",
      "-Wconversion",
      "-Werror"
    ],
    "ldflags": ["-static", "-s", "-Wl,--gc-sections", "-Wl,--nxcompat", "-Wl,--dynamicbase"],
    "conditions": [
      # -mstackrealign: 32-bit Windows aligns the stack to 4 bytes only, but GCC expects 16.
      # --defsym: GCC's handler for uncaught exceptions takes 70 KB, mostly for demangling names. abort() replaces it.
      [
        "target_arch=='ia32'",
        {
          "cflags_cc": ["-mstackrealign", "-msse2"],
          "ldflags": ["-Wl,--defsym,__ZN9__gnu_cxx27__verbose_terminate_handlerEv=_abort"]
        },
        { "ldflags": ["-Wl,--defsym,_ZN9__gnu_cxx27__verbose_terminate_handlerEv=abort"] }
      ]
    ],
    # /MT. Node's headers set this per configuration, so only a configuration can override it.
    "configurations": {
      "Release": { "msvs_settings": { "VCCLCompilerTool": { "RuntimeLibrary": 0 } } }
    },
    "msvs_settings": {
      "VCCLCompilerTool": {
        "ExceptionHandling": 1,
        "WarningLevel": 4,
        "WarnAsError": "true",
        "AdditionalOptions!": ["-std:c++17", "/std:c++17", "-std:c++20"],
        "AdditionalOptions": [
          "/std:c++20",
          "/permissive-",
          "/utf-8",
          "/sdl",
          "/guard:cf",
          # "Declaration hides class member": also fires for parameters of static functions and for function names. In the
          # cross build, -Wshadow finds the harmful cases.
          "/wd4458",
          # "#pragma managed is meaningful only with /clr": node-gyp's win_delay_load_hook.cc has one, and is compiled with
          # these options.
          "/wd4949",
          # "Unreachable code": reported during code generation, which /external does not affect, for inlined templates of
          # node-addon-api and the STL.
          "/wd4702",
          # No warnings for the headers of node-addon-api and Node. Their folders are listed because these headers also
          # include each other in quotes.
          "/external:anglebrackets",
          "/external:I\"<!(node -p \"require('path').resolve(require('node-addon-api').include_dir)\")\"",
          "/external:I\"<!(node -p \"require('node-api-headers').include_dir\")\"",
          "/external:I\"<(node_root_dir)\\include\\node\"",
          "/external:W0"
        ],
        "conditions": [["spectre=='true'", { "AdditionalOptions": ["/Qspectre"] }]]
      },
      "VCLinkerTool": {
        "AdditionalOptions": [
          "/guard:cf",
          # Otherwise the file contains the build machine's path of its debug information.
          "/PDBALTPATH:>(_target_name).pdb"
        ],
        "conditions": [["target_arch=='x64'", { "AdditionalOptions": ["/CETCOMPAT"] }]]
      }
    }
  },
  "variables": {
    # Spectre mitigations need libraries that are an optional part of Visual Studio: node-gyp ... -- -Dspectre=true
    "spectre%": "false"
  }
}
