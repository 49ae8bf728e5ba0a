# The program in the README is the one that is compiled.
cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH root)
file(READ ${root}/README.md readme)
file(READ ${root}/examples/quickstart.cpp quickstart)
string(FIND "${readme}" "```cpp\n${quickstart}```\n" position)
if(position EQUAL -1)
  message(FATAL_ERROR "README.md holds no ```cpp block that is identical to examples/quickstart.cpp")
endif()
