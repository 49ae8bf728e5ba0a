# Builds the playground, uses it in a browser, and compiles what the page then shows.
set(ENV{EIGEN3_INCLUDE_DIR} ${EIGEN})
execute_process(COMMAND bash ${SOURCE}/docs/playground/build.sh ${WORK}/site COMMAND_ERROR_IS_FATAL ANY)
file(COPY ${CMAKE_CURRENT_LIST_DIR}/page.html ${CMAKE_CURRENT_LIST_DIR}/page.js DESTINATION ${WORK})

# The sandbox wants rights that containers do not give, and the pages are ours.
function(browse address)
  execute_process(
    COMMAND ${CHROMIUM} --headless --no-sandbox --disable-gpu --hide-scrollbars --allow-file-access-from-files
            --user-data-dir=${WORK}/profile --window-size=1670,1400 ${ARGN} file://${WORK}/${address}
    OUTPUT_VARIABLE page ERROR_VARIABLE messages RESULT_VARIABLE result TIMEOUT 120)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "${CHROMIUM}: ${result}\n${messages}")
  endif()
  set(page "${page}" PARENT_SCOPE)
endfunction()

foreach(theme IN ITEMS 0 1) # dark and light
  browse(page.html?look --blink-settings=preferredColorScheme=${theme} --screenshot=${WORK}/screenshot-${theme}.png)
endforeach()
browse(page.html --dump-dom)
string(REGEX REPLACE ".*<!--(.*)-->.*" "\\1" page "${page}")
string(REGEX MATCHALL "PROBLEM [^\n]*" problems "${page}")
if(page MATCHES "PROBLEM " OR NOT page MATCHES "shown")
  list(JOIN problems "\n" problems)
  message(FATAL_ERROR "The page does not do what it should.\n${problems}")
endif()
file(WRITE ${WORK}/page.inc "${page}")

execute_process(COMMAND ${CMAKE_COMMAND} --build ${BUILD} --config ${CONFIG} --target test-playground-numbers
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND ${PROGRAM} COMMAND_ERROR_IS_FATAL ANY)
