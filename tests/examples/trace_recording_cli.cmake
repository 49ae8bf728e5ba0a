# The example trace_recording from the outside: what it writes, what it refuses and in which words, and that a failure
# leaves nothing behind. How files are read is in recording_test.cpp.
#
#   cmake -DPROGRAM=<trace_recording> -DWORK=<folder to use> -P trace_recording_cli.cmake
cmake_minimum_required(VERSION 3.21)

file(REMOVE_RECURSE ${WORK})

# expect(<status> <stream> <message> <command>...): the exit status, and the message as a regular expression.
function(expect wanted stream message)
  execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WORK} RESULT_VARIABLE status OUTPUT_VARIABLE output
                  ERROR_VARIABLE error)
  if(NOT status STREQUAL wanted OR NOT "${${stream}}" MATCHES "${message}")
    message(SEND_ERROR "${ARGN}: status ${status}, not ${wanted} with '${message}':\n${output}${error}")
  endif()
endfunction()

# holds(<folder> <files>): these, sorted, and nothing else
function(holds folder files)
  file(GLOB left RELATIVE ${WORK}/${folder} ${WORK}/${folder}/*) # hidden ones too
  if(NOT left STREQUAL files)
    message(SEND_ERROR "${folder} holds '${left}' instead of '${files}'")
  endif()
endfunction()

# accepts(<folder> <message> <arguments>...): succeeds, and the folder holds the tables and no leftovers
function(accepts folder message)
  expect(0 output "${message}" ${PROGRAM} --no-figure --out ${folder} ${ARGN})
  holds(${folder} "summary.csv;traces.csv")
endfunction()

# refuses(<message> <arguments>...): exit status 1, the message on stderr, and no folder
function(refuses message)
  expect(1 error "${message}" ${shell} ${PROGRAM} --out refused/in/here ${ARGN})
  if(EXISTS ${WORK}/refused)
    message(SEND_ERROR "${ARGN}: left something behind")
    file(REMOVE_RECURSE ${WORK}/refused)
  endif()
endfunction()

# line(<file> <number> <regular expression>): the header is line 0, the last one -1
function(line file number expected)
  file(STRINGS ${WORK}/${file} lines)
  list(GET lines ${number} text)
  if(NOT text MATCHES "${expected}")
    message(SEND_ERROR "${file}: expected '${expected}' in line ${number}, got '${text}'")
  endif()
endfunction()

file(WRITE ${WORK}/sorted.csv "time_ms,unit\n0,3\n5,3\n5,3\n5,8\n20,8\n")
file(WRITE ${WORK}/steps.dat "sender\ttime_step\ttime_offset\n8\t10\t0\n3\t0\t0\n3\t10\t0\n3\t11\t0.25\n8\t40\t0\n")
accepts(sorted "" sorted.csv --dt 1 --tau 10 --from 0 --to inf)
accepts(steps "" steps.dat --dt 1 --tau 10 --from 0 --to inf --nest-resolution 0.5)
expect(0 error "" ${CMAKE_COMMAND} -E compare_files sorted/traces.csv steps/traces.csv)
# two units per step; exp(-5/10) and two spikes in one step, for the nearest trace one
line(sorted/traces.csv 11 "^5,3,2\\.60653066,1,")

# What is assumed is said, and so is what looks wrong.
file(WRITE ${WORK}/nest.gdf "12\t6.700\t\n3\t12.400\t\n")
accepts(said "^read as: tab-separated, no header, column 1 sender, column 2 time in ms\nrecorded from 6.7 ms .the first"
        nest.gdf)
file(WRITE ${WORK}/late.csv "time_ms,unit\n3360000,1\n3361000,1\n3362000,1\n")
accepts(said "\n    1      3   1.5 " late.csv --dt 1)
accepts(said "recorded from 3359000 ms to 3362000 ms .the last.*\n    0      0     0    - mean.*\n    1      3     1 "
        late.csv --start 3359000 --all-units 3 0 1 0)
line(said/summary.csv 3 "^3,0,")
file(WRITE ${WORK}/one.csv "time_ms,unit\n6.7,1\n")
accepts(said "\n    1      1     -    - mean" one.csv)
line(said/summary.csv 1 "^1,1,,,1,1,") # an extent of nothing has no rate
accepts(said "\n    1      1 .*\n    3      3 " sorted.csv one.csv)
file(WRITE ${WORK}/rows.txt "1.5 2.5 8\n\n0.5\n")
accepts(said "\n    0      3 .*\n    1      0 .*\n    2      1 " rows.txt --row-per-unit)
file(WRITE ${WORK}/dense.csv "t,unit\n1,1\n1.2,1\n1.4,1\n")
expect(0 error "warning: 7500 Hz in the mean: if that is wrong, --time-unit" ${PROGRAM} --no-figure --out said dense.csv)
accepts(said "time in s,.*\n    1      3   7.5 " dense.csv --time-unit s)
accepts(said "time in samples at 200 Hz,.*\n    1      3 1.5e.03 " dense.csv --sampling-rate 200)

set(short --duration 1500 --dt 0.5)
accepts(seed-1 "" ${short} --seed 1)
accepts(seed-1-again "" ${short} --seed 1)
accepts(seed-2 "" ${short} --seed 2)
expect(0 error "" ${CMAKE_COMMAND} -E compare_files seed-1/traces.csv seed-1-again/traces.csv)
expect(1 error "" ${CMAKE_COMMAND} -E compare_files seed-1/traces.csv seed-2/traces.csv)
accepts(euler "" ${short} --euler)
accepts(window "" ${short} --units 5 2 --from 100 --to 200)
line(window/traces.csv 1 "^100,5,")
foreach(number IN ITEMS 400 -1) # 200 steps of two units
  line(window/traces.csv ${number} "^199.5,2,")
endforeach()

# draws(<folder> <status> <stream> <message> <files> [<variable>=<value>]): the files beside the tables
function(draws folder status stream message files)
  expect(${status} ${stream} "${message}" ${CMAKE_COMMAND} -E env ${ARGN} ${PROGRAM} ${short} --out ${folder})
  holds(${folder} "${files};summary.csv;traces.csv")
endfunction()

draws(no-gnuplot 0 output "gnuplot was not found" figure.gnuplot PATH=nowhere)
find_program(gnuplot gnuplot)
if(gnuplot)
  draws(figure 0 error "^$" "figure.gnuplot;figure.png;figure.svg")
endif()
if(UNIX) # one that breaks down after half a figure
  file(WRITE ${WORK}/bin/gnuplot "#!/bin/sh\ntest $1 = --version || { echo half > figure.svg; false; }\n")
  file(CHMOD ${WORK}/bin/gnuplot PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
  draws(broken-gnuplot 1 error "gnuplot could not draw" figure.gnuplot PATH=${WORK}/bin)
endif()

# one of the reader's refusals, of which recording_test.cpp has all
file(WRITE ${WORK}/bad.csv "time_ms,unit\nsoon,0\n")
refuses("^trace_recording: bad.csv:2: the time 'soon' is not a number" bad.csv)
refuses("^trace_recording: absent.csv: cannot be opened" absent.csv)
refuses("^trace_recording: seed-1: is a directory" seed-1)

foreach(dt IN ITEMS 0 -1 nan inf)
  refuses("--dt ${dt}: has to be a positive number" --dt ${dt})
endforeach()
refuses("--dt 2001: is longer than the recording, which lasts 2000 ms" --duration 2000 --dt 2001)
refuses("--dt 1e-09: makes too many steps" --dt 1e-9)
foreach(time IN ITEMS start end from to)
  refuses("--${time}: has to be a number, got nan" --${time} nan)
endforeach()
refuses("--seed: " --seed -1)
refuses("dt must not exceed tau" --euler --tau 0.01)
refuses("tau must be positive" --tau -20)
refuses("scale_U must lie in" --scale-U 2)
refuses("--end 1: comes before --start 2" --start 2 --end 1)
refuses("no spike lies between --start and --end" --start 2e4 --end 3e4)
refuses("--start and --end have to be finite" --end inf)
refuses("--from -1: the recording begins at 0 ms" --from -1)
refuses("--from 10001: the recording ends at 10000" --from 10001)
foreach(to IN ITEMS 4 5)
  refuses("--to ${to}: has to come after --from 5" --from 5 --to ${to})
endforeach()
refuses("--units 99: " --units 99)
refuses("--duration -1: " --duration -1)
refuses("--duration 0.001: too short" --duration 1e-3)
refuses("--time-unit: h not in" --time-unit h)
refuses("--nest-resolution: Value 0 not in range" --nest-resolution 0)
refuses("--sampling-rate: Value inf not in range" --sampling-rate inf)
refuses("excludes" --time-unit s --sampling-rate 30000)
refuses("--colour" --colour)
refuses("soon" --tau soon)

# Where something stands in the way; it stays what it was.
file(WRITE ${WORK}/file "mine")
expect(1 error "file: cannot be written to" ${PROGRAM} --out file)
expect(1 error "file.x: cannot be written to" ${PROGRAM} --out file/x)
line(file 0 "^mine$")
file(MAKE_DIRECTORY ${WORK}/taken/traces.csv)
expect(1 error "taken.traces.csv: cannot be written: it is a folder" ${PROGRAM} --out taken)
holds(taken traces.csv)

if(UNIX)
  # A disk that fills up, played by a limit on the size of files.
  set(shell sh -c [[ulimit -f 20 && trap "" XFSZ && exec "$0" "$@"]])
  refuses("here.traces.csv: cannot be written: [A-Z]")

  # The user's patience comes to an end in the middle of the work.
  set(shell sh -c [[
    "$0" "$@" &
    for tenth in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20
    do
      test -d refused || sleep 0.1
    done
    kill -TERM $!
    wait $!]])
  refuses("interrupted" --duration 1e6 --dt 0.001)
endif()
