#include "inventory-service/formats/zip.h"

#include "common/status/status_matchers.h"
#include "inventory-service/formats/testing_zip.h"

namespace tributary::inventory {
namespace {

using ::testing::HasSubstr;

constexpr ZipReader::Limits kLimits{.unpacked_bytes = 8 << 20, .packing_ratio = 100};

absl::StatusOr<std::string> Unpack(const std::string& bytes, const std::string& name,
                                   const ZipReader::Limits& limits = kLimits) {
  ASSIGN_OR_RETURN(ZipReader zip, ZipReader::Open(bytes, limits));
  const ZipPart* part = zip.Find(name);
  if (part == nullptr) return absl::NotFoundError(name);
  std::string out;
  RETURN_IF_ERROR(zip.Unpack(*part, [&](std::string_view piece) {
    out += piece;
    return absl::OkStatus();
  }));
  return out;
}

TEST(ZipTest, UnpacksParts) {
  const std::string big(300'000, 'x');
  const std::string bytes =
      ZipWriter().Add("a.txt", "one").Add("B/c.xml", big, {.deflate = false}).Add("d", "").Finish();
  EXPECT_THAT(Unpack(bytes, "a.txt"), IsOkAndHolds("one"));
  EXPECT_THAT(Unpack(bytes, "b/C.xml"), IsOkAndHolds(big));
  EXPECT_THAT(Unpack(bytes, "d"), IsOkAndHolds(""));
  EXPECT_THAT(Unpack(bytes, "e"), StatusHasCode(absl::StatusCode::kNotFound));
}

TEST(ZipTest, RefusesBombs) {
  const std::string zeros(4 << 20, '\0');
  const std::string bomb = ZipWriter().Add("a", zeros).Finish();
  EXPECT_THAT(Unpack(bomb, "a"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("packed to less than 1/100")));
  // Neither does it help to claim less.
  const std::string liar = ZipWriter().Add("a", zeros, {.unpacked = 10}).Finish();
  EXPECT_THAT(Unpack(liar, "a"), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("packed to less than 1/100")));
  std::string noise;
  for (uint32_t i = 1, x = 1; i < 100'000; ++i, x = x * 1664525 + 1013904223) noise += static_cast<char>(x >> 24);
  const std::string large = ZipWriter().Add("a", noise).Finish();
  EXPECT_THAT(Unpack(large, "a", {.unpacked_bytes = 99'000, .packing_ratio = 100}),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("more than 99000 bytes unpacked")));
}

TEST(ZipTest, RefusesDamagedContainers) {
  const std::string good = ZipWriter().Add("a", "some text, some text").Finish();
  ASSERT_OK(Unpack(good, "a"));
  for (size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(Unpack(good.substr(0, size), "a").ok()) << size;
  }
  for (size_t at = 0; at < good.size(); ++at) {
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 0x55);
    // No crash; what is still readable is what it was.
    const auto read = Unpack(changed, "a");
    if (read.ok()) {
      EXPECT_EQ(*read, "some text, some text") << at;
    }
  }
  EXPECT_THAT(Unpack(ZipWriter().Add("a", "x", {.crc_xor = 1}).Finish(), "a"), Blames("file"));
  EXPECT_THAT(Unpack(ZipWriter().Add("a", "x", {.unpacked = 2}).Finish(), "a"), Blames("file"));
  EXPECT_THAT(Unpack(ZipWriter().Add("a", "x", {.flags = 1}).Finish(), "a"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("encrypted")));
  EXPECT_THAT(Unpack(ZipWriter().Add("a", "x").Add("A", "y").Finish(), "a"),
              StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("twice")));
}

}  // namespace
}  // namespace tributary::inventory
