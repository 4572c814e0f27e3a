#include "common/paging/page_token.h"

#include <algorithm>

#include "common/status/status_matchers.h"

namespace tributary {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::string kSecret(32, 's');
const std::string kQuery = QueryFingerprint({"ListPartners", "users/u", "", "state = ACTIVE", "name"});

TEST(QueryFingerprintTest, TellsPartsApart) {
  EXPECT_NE(QueryFingerprint({"ab", "c"}), QueryFingerprint({"a", "bc"}));
  EXPECT_NE(QueryFingerprint({"a", ""}), QueryFingerprint({"a"}));
  EXPECT_NE(QueryFingerprint({"", "a"}), QueryFingerprint({"a", ""}));
}

TEST(PageTokenTest, GivesTheKeyBack) {
  const PageTokens tokens(kSecret);
  const std::vector<std::vector<std::string>> keys = {{"partners/p"},
                                                      {"2013-11-29", "partners/渠", "17"},
                                                      {"", ""},
                                                      {std::string("a\0b", 3)},
                                                      {std::string(1000, 'x')}};
  for (const auto& key : keys) {
    const std::string token = tokens.Seal(kQuery, key);
    EXPECT_TRUE(std::all_of(token.begin(), token.end(), [](char c) { return isalnum(c) || c == '-' || c == '_'; }));
    EXPECT_THAT(tokens.Open(token, kQuery), IsOkAndHolds(ElementsAreArray(key)));
    EXPECT_THAT(PageTokens(kSecret).Open(token, kQuery), IsOkAndHolds(ElementsAreArray(key)));
    EXPECT_EQ(tokens.Seal(kQuery, key), token);
  }
  EXPECT_THAT(tokens.Open("", kQuery), IsOkAndHolds(IsEmpty()));
}

TEST(PageTokenTest, BelongsToItsQueryAndSecret) {
  const PageTokens tokens(kSecret);
  const std::string token = tokens.Seal(kQuery, {"partners/p"});
  const std::string others[] = {QueryFingerprint({"ListRegions", "users/u", "", "state = ACTIVE", "name"}),
                                QueryFingerprint({"ListPartners", "users/v", "", "state = ACTIVE", "name"}),
                                QueryFingerprint({"ListPartners", "users/u", "", "state = SUSPENDED", "name"}),
                                QueryFingerprint({"ListPartners", "users/u", "", "state = ACTIVE"}), ""};
  for (const std::string& other : others) {
    EXPECT_THAT(tokens.Open(token, other), HasReason(Reason::kPageTokenInvalid));
  }
  EXPECT_THAT(PageTokens(std::string(32, 't')).Open(token, kQuery), HasReason(Reason::kPageTokenInvalid));
}

TEST(PageTokenTest, RefusesEveryChange) {
  const PageTokens tokens(kSecret);
  const std::string token = tokens.Seal(kQuery, {"partners/p", "17"});
  for (size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_THAT(tokens.Open(changed, kQuery), HasReason(Reason::kPageTokenInvalid)) << i;
    EXPECT_THAT(tokens.Open(token.substr(0, i + 1 == token.size() ? i : i + 1), kQuery),
                HasReason(Reason::kPageTokenInvalid));
  }
  const std::string others[] = {
      token + "=", token + "A", " " + token, token + "\n", "x", "%", "\xFF", "渠成", std::string(100000, 'A')};
  for (const std::string& other : others) {
    EXPECT_THAT(tokens.Open(other, kQuery), HasReason(Reason::kPageTokenInvalid)) << other.substr(0, 40);
  }
}

TEST(PageTokenTest, ShowsNeitherThePositionNorItself) {
  const PageTokens tokens(kSecret);
  const std::string token = tokens.Seal(kQuery, {"partners/secret"});
  std::string raw;
  EXPECT_THAT(token, Not(HasSubstr("c2VjcmV0")));  // "secret" in base64
  const absl::Status refused = tokens.Open(token, "other").status();
  EXPECT_THAT(std::string(refused.message()), Not(HasSubstr(token.substr(0, 12))));
  EXPECT_EQ(DetailOf(refused).violations[0].field, "page_token");
  EXPECT_DEATH(PageTokens("short"), "32 bytes");
}

TEST(PageSizeTest, IsBounded) {
  EXPECT_THAT(PageSize(0), IsOkAndHolds(50));
  EXPECT_THAT(PageSize(1), IsOkAndHolds(1));
  EXPECT_THAT(PageSize(1000), IsOkAndHolds(1000));
  EXPECT_THAT(PageSize(2147483647), IsOkAndHolds(1000));
  EXPECT_THAT(PageSize(-1), Blames("page_size"));
}

}  // namespace
}  // namespace tributary
