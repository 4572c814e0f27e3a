#include "common/paging/page.h"

#include <memory>
#include <string>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace tributary {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

struct Request {
  int size = 0;
  std::string token;
  std::string words;
  int page_size() const { return size; }
  const std::string& page_token() const { return token; }
  const std::string& filter() const { return words; }
};

class PageTest : public ::testing::Test {
 protected:
  static rpc::Call CallOf(std::string subject, std::string partner = "") {
    auth::Identity identity;
    identity.subject = std::move(subject);
    identity.partner = std::move(partner);
    rpc::Call call;
    call.method = "/test";
    call.identity = std::make_shared<const auth::Identity>(identity);
    return call;
  }
  absl::StatusOr<Page> Read(const Request& request, std::string_view bound_to = "",
                            const rpc::Call& call = CallOf("a")) {
    return Page::Of(tokens_, call, request, fields_, bound_to);
  }
  static std::string Cut(const Page& page, std::vector<int>* rows) {
    return page.Cut(rows, [](int last) { return std::vector{StrCat(last), std::string("x")}; });
  }

  const PageTokens tokens_{"0123456789abcdef0123456789abcdef"};
  const std::vector<FilterField> fields_ = {FilterField::String("currency", "currency")};
};

TEST_F(PageTest, ReadsOneRowMoreThanItHolds) {
  EXPECT_EQ(Read({})->limit(), 51);
  EXPECT_EQ(Read({.size = 3})->limit(), 4);
  EXPECT_EQ(Read({.size = 5000})->limit(), 1001);
  EXPECT_THAT(Read({.size = -1}), Blames("page_size"));
  EXPECT_THAT(Read({.words = "colour = red"}), HasReason(Reason::kFilterInvalid));
}

TEST_F(PageTest, GoesOnBehindItsLastRow) {
  ASSERT_OK_AND_ASSIGN(const Page first, Read({.size = 2}));
  EXPECT_TRUE(first.first());
  EXPECT_EQ(first.after(0), "");
  std::vector<int> rows = {1, 2, 3};
  const std::string token = Cut(first, &rows);
  EXPECT_THAT(rows, ElementsAre(1, 2));

  ASSERT_OK_AND_ASSIGN(const Page second, Read({.size = 7, .token = token}));
  EXPECT_FALSE(second.first());
  EXPECT_EQ(second.after(0), "2");
  EXPECT_EQ(second.after(1), "x");
  EXPECT_EQ(second.after(2), "");
  rows = {3, 4};
  EXPECT_THAT(Cut(second, &rows), IsEmpty());
  EXPECT_THAT(rows, SizeIs(2));
}

TEST_F(PageTest, ATokenIsOfOneQueryAndOneCaller) {
  ASSERT_OK_AND_ASSIGN(const Page page, Read({.size = 1, .words = "currency = USD"}, "parent"));
  std::vector<int> rows = {1, 2};
  const std::string token = Cut(page, &rows);
  const Request same{.size = 1, .token = token, .words = "currency = USD"};
  EXPECT_OK(Read(same, "parent"));
  EXPECT_THAT(Read(same, "another"), HasReason(Reason::kPageTokenInvalid));
  EXPECT_THAT(Read(same, "parent", CallOf("b")), HasReason(Reason::kPageTokenInvalid));
  EXPECT_THAT(Read(same, "parent", CallOf("a", "p-1")), HasReason(Reason::kPageTokenInvalid));
  rpc::Call other_method = CallOf("a");
  other_method.method = "/other";
  EXPECT_THAT(Read(same, "parent", other_method), HasReason(Reason::kPageTokenInvalid));
  EXPECT_THAT(Read({.token = token, .words = "currency = EUR"}, "parent"), HasReason(Reason::kPageTokenInvalid));
}

TEST_F(PageTest, APartnersUserListsItsOwnBelowAnyParent) {
  EXPECT_THAT(PartnerToList(CallOf("a"), "partners/-"), IsOkAndHolds(std::string()));
  EXPECT_THAT(PartnerToList(CallOf("a"), "partners/p-2"), IsOkAndHolds(std::string("p-2")));
  EXPECT_THAT(PartnerToList(CallOf("a", "p-1"), "partners/-"), IsOkAndHolds(std::string("p-1")));
  EXPECT_THAT(PartnerToList(CallOf("a"), "p-2"), Blames("parent"));
}

}  // namespace
}  // namespace tributary
