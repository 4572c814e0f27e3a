#include "common/paging/etag.h"

#include "common/status/status_matchers.h"

namespace tributary {
namespace {

TEST(EtagTest, IsQuotedAndChecked) {
  EXPECT_EQ(EtagOf(7), "\"v7\"");
  EXPECT_OK(CheckEtag("partners/p", "", 7));
  EXPECT_OK(CheckEtag("partners/p", "\"v7\"", 7));
  for (const char* stale : {"\"v6\"", "v7", "\"v7", "W/\"v7\"", "\"v07\"", "*", "\xFF"}) {
    EXPECT_THAT(CheckEtag("partners/p", stale, 7), HasReason(Reason::kEtagMismatch)) << stale;
  }
  EXPECT_THAT(
      CheckEtag("partners/p", "\"v6\"", 7),
      StatusIs(absl::StatusCode::kAborted, "partners/p has changed: got etag \"v6\", want \"v7\"; read it again"));
}

}  // namespace
}  // namespace tributary
