# Reads AArch64 assembly of dense.cpp: each walk over elements must hold fused vector instructions, of four floats or of
# two doubles, whatever its input is. Says which does not.
/^_Z.*:/ { walk = /walk_as/ ? $1 : "" }
walk && !(walk in fused) { walks++ }
walk { fused[walk] += /[ \t]fml[as][ \t]+v[0-9]+\.(4s|2d)/ }
END {
  for (walk in fused) if (!fused[walk]) { print "no fused vector instruction in " walk; wrong++ }
  printf "NEON: %d of %d loops over elements are vectorised\n", walks - wrong, walks
  if (wrong || walks < 48) exit 1
}
