# cmake -DSCRIPT=page.js -DSTYLE=page.css -DTO=page_files.cpp -P embed.cmake
# Writes the two files into a source file, as arrays: a literal of that size is not portable.
function(array_of file variable)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  set(${variable} "${bytes}" PARENT_SCOPE)
endfunction()

array_of(${SCRIPT} script)
array_of(${STYLE} style)
file(WRITE ${TO} "#include \"reports/html/page_files.hpp\"

namespace plimsoll::reports {
namespace {

constexpr char script[]{${script}};
constexpr char style[]{${style}};

}  // namespace

std::string_view page_script() noexcept {
  return {script, sizeof(script)};
}

std::string_view page_style() noexcept {
  return {style, sizeof(style)};
}

}  // namespace plimsoll::reports
")
