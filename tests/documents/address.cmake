# No file names another address of the repository than CMakeLists.txt does, or another version than version.hpp.
foreach(file IN ITEMS README.md docs/first-tracer.md CITATION.cff packaging/vcpkg/vcpkg.json
                      packaging/conan/conanfile.py)
  file(READ ${ROOT}/${file} text)
  string(FIND "${text}" "${ADDRESS}" found)
  if(found EQUAL -1)
    message(SEND_ERROR "${file} does not name ${ADDRESS}; tools/address writes it")
  endif()
endforeach()
file(READ ${ROOT}/CITATION.cff citation)
file(READ ${ROOT}/README.md readme)
if(NOT citation MATCHES "\nversion: ${VERSION}\n" OR NOT readme MATCHES "/version-${VERSION}-")
  message(SEND_ERROR "CITATION.cff or the badge of README.md does not name version ${VERSION}")
endif()
