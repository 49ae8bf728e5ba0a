# Reads AArch64 assembly of dense.cpp: a walk over elements of each law must hold fused vector instructions, of four
# floats or of two doubles, whatever its input is. Says which does not.
/^_ZN?K?.*walk_as.*:/ {
  name = $1
  if (name !~ /(4Leak|7Nearest|7Cascade|9RiseDecay|12RiseFastSlow|8Resource)/) name = ""
  else { walks++; fused[name] = 0 }
}
/^_Z.*:/ && !/walk_as/ { name = "" }
name != "" && /[ \t]fml[as][ \t]+v[0-9]+\.(4s|2d)/ { fused[name]++ }
END {
  for (n in fused) if (!fused[n]) { print "no fused vector instruction in " n; wrong++ }
  printf "NEON: %d of %d loops over elements are vectorised\n", walks - wrong, walks
  if (wrong || walks < 48) exit 1
}
