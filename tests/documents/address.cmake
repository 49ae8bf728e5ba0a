# These files name the address of the repository, which tools/address writes, and the version.
#
#   cmake -DADDRESS=... -DVERSION=... -P address.cmake        in the folder of the project
function(require file words)
  file(READ ${file} text)
  string(FIND "${text}" "${words}" place)
  if(place EQUAL -1)
    message(SEND_ERROR "${file} does not say: ${words}")
  endif()
endfunction()

foreach(file IN ITEMS README.md docs/first-tracer.md CITATION.cff packaging/vcpkg/vcpkg.json
                      packaging/conan/conanfile.py)
  require(${file} ${ADDRESS})
endforeach()
require(README.md /version-${VERSION}-)
require(CITATION.cff "\nversion: ${VERSION}\n")
