#include "common/status/status.h"

#include <fstream>
#include <set>
#include <sstream>

#include "common/status/status_matchers.h"

namespace tributary {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;

// "| `REASON` | `CODE` | english | chinese |" split into its four cells.
std::vector<std::string> Cells(const std::string& line) {
  std::vector<std::string> cells;
  size_t start = 2;
  for (size_t bar; (bar = line.find(" |", start)) != std::string::npos; start = bar + 3) {
    cells.push_back(line.substr(start, bar - start));
  }
  return cells;
}

TEST(ReasonsTest, DocsListTheRegistryInTheSameOrder) {
  std::ifstream docs("docs/errors.md");
  ASSERT_TRUE(docs) << "run from the root of the repository";
  std::vector<std::vector<std::string>> listed;
  for (std::string line; std::getline(docs, line);) {
    if (line.starts_with("| `") && line.find("` | `") != std::string::npos) listed.push_back(Cells(line));
  }
  ASSERT_EQ(listed.size(), AllReasons().size());
  for (size_t i = 0; i < listed.size(); ++i) {
    const ReasonInfo& info = AllReasons()[i];
    EXPECT_THAT(listed[i], ElementsAre(StrCat("`", info.name, "`"),
                                       StrCat("`", absl::StatusCodeToString(info.code), "`"), info.en, info.zh));
  }
}

TEST(ReasonsTest, NamesAreUniqueAndLeadBack) {
  std::set<std::string_view> names;
  for (const ReasonInfo& info : AllReasons()) {
    EXPECT_TRUE(names.insert(info.name).second) << info.name;
    EXPECT_EQ(ReasonFromName(info.name), info.reason);
    EXPECT_EQ(&InfoOf(info.reason), &info);
    EXPECT_NE(info.code, absl::StatusCode::kOk);
    EXPECT_FALSE(info.en.empty());
    EXPECT_TRUE(IsUtf8(info.zh) && !info.zh.empty());
  }
  EXPECT_EQ(NameOf(Reason::kRequestIdReused), "REQUEST_ID_REUSED");
  EXPECT_EQ(ReasonFromName("NO_SUCH"), Reason::kUnspecified);
  EXPECT_EQ(InfoOf(static_cast<Reason>(9999)).reason, Reason::kUnspecified);
}

TEST(StatusTest, DetailSurvivesTheStatus) {
  ErrorDetail detail;
  detail.reason = Reason::kOverloaded;
  detail.metadata = {{"lane", "database"}, {"", std::string("a\0b", 3)}};
  detail.violations = {{"partner.tax_ids[2].value", "x", "digits"}, {"", "", ""}};
  detail.preconditions = {"partners/p: must be active"};
  detail.retry_after = absl::Milliseconds(250);
  const ErrorDetail got = DetailOf(WithDetail(absl::StatusCode::kResourceExhausted, "busy", detail));
  EXPECT_EQ(got.reason, Reason::kOverloaded);
  EXPECT_THAT(got.metadata, ElementsAre(Pair("lane", "database"), Pair("", std::string("a\0b", 3))));
  ASSERT_EQ(got.violations.size(), 2u);
  EXPECT_EQ(got.violations[0].field, "partner.tax_ids[2].value");
  EXPECT_EQ(got.violations[0].got, "x");
  EXPECT_EQ(got.violations[0].want, "digits");
  EXPECT_THAT(got.preconditions, ElementsAre("partners/p: must be active"));
  EXPECT_EQ(got.retry_after, absl::Milliseconds(250));
}

TEST(StatusTest, AStatusWithoutDetailHasNone) {
  EXPECT_EQ(ReasonOf(absl::OkStatus()), Reason::kUnspecified);
  EXPECT_EQ(ReasonOf(absl::NotFoundError("x")), Reason::kUnspecified);
  EXPECT_TRUE(DetailOf(absl::NotFoundError("x")).violations.empty());
  EXPECT_TRUE(WithDetail(absl::StatusCode::kOk, "", {}).ok());
}

TEST(StatusTest, ADamagedDetailIsNone) {
  absl::Status status = InvalidField("a", "b", "c");
  std::string url, payload;
  status.ForEachPayload([&](absl::string_view u, const absl::Cord& p) {
    url = std::string(u);
    payload = std::string(p);
  });
  for (size_t size = 0; size < payload.size(); ++size) {
    status.SetPayload(url, absl::Cord(payload.substr(0, size)));
    EXPECT_EQ(ReasonOf(status), Reason::kUnspecified) << size;
  }
  status.SetPayload(url, absl::Cord(std::string(64, '\xFF')));
  EXPECT_EQ(ReasonOf(status), Reason::kUnspecified);
}

TEST(StatusTest, AnErrorHasTheCodeOfItsReason) {
  for (const ReasonInfo& info : AllReasons()) {
    EXPECT_EQ(Error(info.reason, "m").code(), info.code);
    EXPECT_THAT(Error(info.reason, "m"), HasReason(info.reason));
  }
  EXPECT_THAT(NotFound("partners/p"), StatusIs(absl::StatusCode::kNotFound, HasSubstr("partners/p")));
  EXPECT_THAT(AlreadyExists("partners/p"), HasReason(Reason::kAlreadyExists));
  const absl::Status state = WrongState("partners/p", "activate", "TERMINATED", "ONBOARDING");
  EXPECT_THAT(state, StatusIs(absl::StatusCode::kFailedPrecondition,
                              "cannot activate partners/p: got state TERMINATED, want ONBOARDING"));
  EXPECT_EQ(DetailOf(state).preconditions.size(), 1u);
  const absl::Status second = SecondPersonRequired("partners/p/payouts/x", "who asks for it", "approve it");
  EXPECT_THAT(second, HasReason(Reason::kSecondPersonRequired));
  EXPECT_EQ(second.message(), "partners/p/payouts/x: got who asks for it, want somebody else to approve it");
  EXPECT_EQ(DetailOf(second).metadata.size(), 1u);
  EXPECT_THAT(StaleEtag("partners/p", "\"v1\"", "\"v2\""), HasReason(Reason::kEtagMismatch));
}

TEST(StatusTest, InvalidFieldsSayFieldGotAndWant) {
  const absl::Status status = InvalidFields({{"a", "1", "2"}, {"b[0].c", "x\n\xFF", "text"}});
  EXPECT_EQ(status.message(), "a: got '1', want 2; b[0].c: got 'x\\x0a\\xff', want text");
  EXPECT_THAT(status, HasReason(Reason::kInvalidField));
  EXPECT_THAT(status, Blames("b[0].c"));
  EXPECT_THAT(InvalidField("", "1e3", "a number"),
              StatusIs(absl::StatusCode::kInvalidArgument, "got '1e3', want a number"));
  const std::string longest(1000000, 'x');
  EXPECT_EQ(DetailOf(InvalidField("a", longest, "less")).violations[0].got, std::string(120, 'x') + "...");
}

TEST(StatusTest, AnnotateKeepsCodeAndDetail) {
  const absl::Status status = Annotate(InvalidField("a", "1", "2"), "row 7");
  EXPECT_EQ(status.message(), "row 7: a: got '1', want 2");
  EXPECT_THAT(status, Blames("a"));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_OK(Annotate(absl::OkStatus(), "row 7"));
}

TEST(StatusTest, AtFieldPlacesViolationsBelowIt) {
  EXPECT_THAT(AtField(InvalidField("", "1", "2"), "line.price"), Blames("line.price"));
  EXPECT_THAT(AtField(InvalidField("units", "1", "2"), "price"), Blames("price.units"));
  EXPECT_THAT(AtField(InvalidField("[3].units", "1", "2"), "lines"), Blames("lines[3].units"));
  EXPECT_EQ(AtField(InvalidField("", "1", "2"), "line.price").message(), "line.price: got '1', want 2");
  EXPECT_THAT(AtField(NotFound("x"), "a"), HasReason(Reason::kNotFound));
  EXPECT_OK(AtField(absl::OkStatus(), "a"));
}

absl::StatusOr<int> Half(int n) {
  if (n % 2 != 0) return InvalidField("n", StrCat(n), "an even number");
  return n / 2;
}

absl::StatusOr<int> Quarter(int n) {
  ASSIGN_OR_RETURN(const int half, Half(n));
  RETURN_IF_ERROR(Half(half));
  ASSIGN_OR_RETURN(int quarter, Half(half));
  return quarter;
}

TEST(StatusTest, MacrosReturnTheFirstError) {
  EXPECT_THAT(Quarter(12), IsOkAndHolds(3));
  EXPECT_THAT(Quarter(7), Blames("n"));
  EXPECT_THAT(Quarter(6), StatusIs(absl::StatusCode::kInvalidArgument, HasSubstr("got '3'")));
}

}  // namespace
}  // namespace tributary
