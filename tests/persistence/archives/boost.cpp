// Archives of Boost.Serialization: text and binary.
#include <boost/archive/binary_iarchive.hpp>
#include <boost/archive/binary_oarchive.hpp>
#include <boost/archive/text_iarchive.hpp>
#include <boost/archive/text_oarchive.hpp>

#include "archives.hpp"

TEST_CASE("Boost: text") { check_archives<boost::archive::text_oarchive, boost::archive::text_iarchive>(); }
TEST_CASE("Boost: binary") { check_archives<boost::archive::binary_oarchive, boost::archive::binary_iarchive>(); }
