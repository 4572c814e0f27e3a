#include "common/digest/sha256.h"

#include <gtest/gtest.h>

namespace tributary {
namespace {

// FIPS 180-4's examples.
TEST(Sha256Test, IsThatOfTheStandard) {
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex(std::string(1000000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
  EXPECT_EQ(Sha256("").size(), 32u);
}

TEST(Sha256Test, NoTwoListsGiveOneInput) {
  EXPECT_EQ(Sha256Of({"ab", "c"}), Sha256("2:ab1:c"));
  EXPECT_NE(Sha256Of({"ab", "c"}), Sha256Of({"a", "bc"}));
  EXPECT_NE(Sha256Of({"a"}), Sha256Of({"a", ""}));
}

}  // namespace
}  // namespace tributary
