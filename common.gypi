# What every native target of this project is compiled with. The MSVC settings serve node-gyp on Windows; cflags_cc and
# ldflags serve the cross-compiler on Linux (scripts/lib/mingw.mjs). Written as JSON with comments, so that both read it.
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
      # 32-bit Windows keeps the stack aligned to 4 bytes only; GCC expects 16 unless told.
      # What GCC's library would say of an exception that nobody catches takes 70 KB, with all that turns names into C++.
      [
        "target_arch=='ia32'",
        {
          "cflags_cc": ["-mstackrealign", "-msse2"],
          "ldflags": ["-Wl,--defsym,__ZN9__gnu_cxx27__verbose_terminate_handlerEv=_abort"]
        },
        { "ldflags": ["-Wl,--defsym,_ZN9__gnu_cxx27__verbose_terminate_handlerEv=abort"] }
      ]
    ],
    # /MT. Node's headers set this for each configuration, so only a configuration overrides it.
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
          # "Hides class member", said of parameters of static functions and of the names of functions too. The harmful
          # cases are -Wshadow's, in the cross build.
          "/wd4458",
          # "#pragma managed is meaningful only with /clr": node-gyp's win_delay_load_hook.cc has one, and is compiled as
          # a source of ours, with these options.
          "/wd4949",
          # "Unreachable code", found when code is generated, where /external has no say: in what is inlined of the
          # templates of node-addon-api and the STL.
          "/wd4702",
          # The headers of node-addon-api and Node are not ours to warn about. The folders, because what those headers
          # include in quotes counts as ours otherwise.
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
          # Otherwise the file has the path of its debug information on the machine that built it.
          "/PDBALTPATH:>(_target_name).pdb"
        ],
        "conditions": [["target_arch=='x64'", { "AdditionalOptions": ["/CETCOMPAT"] }]]
      }
    }
  },
  "variables": {
    # Spectre-mitigated code needs libraries that Visual Studio installs on demand: node-gyp ... -- -Dspectre=true
    "spectre%": "false"
  }
}
