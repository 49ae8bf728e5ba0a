# read_blocks(<file> <language> <prefix>): the code blocks of a Markdown file in that language, as
# <prefix>_count and, for each number from 0, <prefix>_code_<i>, <prefix>_line_<i> (where it starts)
# and <prefix>_quotes_<i>: the file it says to be a part of, in a comment on the line before,
#
#     <!-- examples/quickstart.cpp -->
#
# or nothing.
function(read_blocks file language prefix)
  file(READ ${file} text)
  # A block that is spelled another way would be passed over in silence.
  if(text MATCHES "\n( +```|~~~|```(c\\+\\+|C\\+\\+|hpp|cc|CMake))[^\n]*")
    message(FATAL_ERROR "${file}: code blocks start at the margin with ```cpp, ```cmake or another language, "
                        "not with:${CMAKE_MATCH_0}")
  endif()
  set(fence "\n```${language}\n")
  string(LENGTH "${fence}" fence_length)
  set(line 0)
  set(count 0)
  while(TRUE)
    string(FIND "${text}" "${fence}" begin)
    if(begin EQUAL -1)
      break()
    endif()
    string(SUBSTRING "${text}" 0 ${begin} before)
    math(EXPR begin "${begin} + ${fence_length}")
    string(SUBSTRING "${text}" ${begin} -1 text)
    string(FIND "${text}" "\n```\n" end)
    if(end EQUAL -1)
      message(FATAL_ERROR "${file}: a ```${language} block has no end")
    endif()
    math(EXPR end "${end} + 1")
    string(SUBSTRING "${text}" 0 ${end} code)
    string(SUBSTRING "${text}" ${end} -1 text)

    count_newlines("${before}" newlines)
    math(EXPR line "${line} + ${newlines} + 3")
    set(${prefix}_line_${count} ${line} PARENT_SCOPE)
    count_newlines("${code}" newlines)
    math(EXPR line "${line} + ${newlines} - 1")

    set(quotes "")
    if(before MATCHES "\n<!-- ([^\n ]+) -->$")
      set(quotes ${CMAKE_MATCH_1})
    endif()
    set(${prefix}_code_${count} "${code}" PARENT_SCOPE)
    set(${prefix}_quotes_${count} "${quotes}" PARENT_SCOPE)
    math(EXPR count "${count} + 1")
  endwhile()
  set(${prefix}_count ${count} PARENT_SCOPE)
endfunction()

function(count_newlines text result)
  string(REGEX REPLACE "[^\n]" "" newlines "${text}")
  string(LENGTH "${newlines}" length)
  set(${result} ${length} PARENT_SCOPE)
endfunction()

# promised_output(<code> <result>): what its comments say that a program prints. A comment behind a
# statement that ends a line of output holds that line; blanks count as one.
#
#     std::cout << trace.value().transpose() << '\n';  // 0.367879 0 0.735759 0
function(promised_output code result)
  # characters that split lists are put aside
  string(ASCII 1 2 3 aside)
  string(SUBSTRING "${aside}" 0 1 semicolon)
  string(SUBSTRING "${aside}" 1 1 open)
  string(SUBSTRING "${aside}" 2 1 close)
  string(REPLACE ";" "${semicolon}" code "${code}")
  string(REPLACE "[" "${open}" code "${code}")
  string(REPLACE "]" "${close}" code "${code}")
  string(REGEX MATCHALL "\\\\n['\"][^\n]*// [^\n]*" lines "${code}")
  set(promised "")
  foreach(line IN LISTS lines)
    string(REGEX REPLACE "^.*// " "" line "${line}")
    string(APPEND promised "${line}\n")
  endforeach()
  string(REPLACE "${semicolon}" ";" promised "${promised}")
  string(REPLACE "${open}" "[" promised "${promised}")
  string(REPLACE "${close}" "]" promised "${promised}")
  set(${result} "${promised}" PARENT_SCOPE)
endfunction()

# Writes a file unless it is there already with the same content, so that nothing is built in vain.
function(write_if_different file content)
  if(EXISTS ${file})
    file(READ ${file} old)
    if("${old}" STREQUAL "${content}")
      return()
    endif()
  endif()
  file(WRITE ${file} "${content}")
endfunction()
