#include "conflict-service/findings/finding.h"

#include "common/status/status_matchers.h"
#include "common/text/text.h"

namespace tributary::conflict {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kThen = absl::FromUnixSeconds(1780000000);
const absl::Time kNow = kThen + absl::Hours(1);

Conclusion About(std::vector<std::string> subjects, std::string explanation = "so it is") {
  return {FindingKind::kExclusiveOverlap, "1", std::move(subjects), std::move(explanation), std::nullopt};
}

Finding Stored(Conclusion conclusion, FindingState state) {
  return {
      FindingId(conclusion.kind, conclusion.subjects), Uuid::New(kThen), 3, kThen, kThen, state, std::move(conclusion)};
}

std::map<std::string, Finding> ById(const Finding& finding) { return {{finding.id, finding}}; }

TEST(FindingTest, IdsDependOnKindAndSubjectsAlone) {
  const std::string id = FindingId(FindingKind::kExclusiveOverlap, {"a", "b"});
  EXPECT_EQ(id, "693b47ba0f2e5bc60b0b095c96d4adc2");
  EXPECT_NE(id, FindingId(FindingKind::kDuplicateDeal, {"a", "b"}));
  EXPECT_NE(id, FindingId(FindingKind::kExclusiveOverlap, {"ab"}));
}

TEST(FindingTest, AKeyNamesWhatChangesItsSubjects) {
  Conclusion before = About({"a", "b"});
  before.key = {"k"};
  Conclusion after = About({"a", "b", "c"});
  after.key = {"k"};
  EXPECT_EQ(FindingId(before), FindingId(after));
  EXPECT_NE(FindingId(before), FindingId(About({"a", "b"})));
  EXPECT_EQ(FindingId(About({"a", "b"})), FindingId(FindingKind::kExclusiveOverlap, {"a", "b"}));
}

TEST(PriceDepthTest, OfAReportedSaleIsExactWithoutADivision) {
  const auto of = [](const char* paid, const char* units, const char* least) {
    const PriceDepth depth{"CNY", *Decimal::Parse(paid), *Decimal::Parse(least), *Decimal::Parse(units)};
    return StrCat(depth.price().ToString(), ", ", depth.depth().ToString(), " below, ", depth.basis_points());
  };
  EXPECT_EQ(of("100", "3", "40"), "33.333333, 6.666667 below, 1666");
  EXPECT_EQ(of("285", "3", "100"), "95, 5 below, 500");
  // A third of a millionth less than 5 % is not yet 5 %; by the rounded price it would be.
  EXPECT_EQ(of("285.000001", "3", "100"), "95, 5 below, 499");
  EXPECT_EQ(of("0", "0.5", "100"), "0, 100 below, 10000");
  // As much as the wire carries.
  EXPECT_EQ(of("0", "1000000000", "1000000000000"), "0, 1000000000000 below, 10000");
}

TEST(PriceDepthTest, BasisPointsAreRoundedDown) {
  const auto points = [](const char* price, const char* least) {
    return PriceDepth{"CNY", *Decimal::Parse(price), *Decimal::Parse(least)}.basis_points();
  };
  EXPECT_EQ(points("0", "1"), 10000);
  EXPECT_EQ(points("95.01", "100"), 499);
  EXPECT_EQ(points("95", "100"), 500);
  EXPECT_EQ(points("2", "3"), 3333);
  EXPECT_EQ(points("999999999999.999999", "1000000000000"), 0);
  EXPECT_EQ(points("0.000001", "1000000000000"), 9999);
}

TEST(ReconcileTest, Opens) {
  const auto changes = Reconcile({}, {About({"a", "b"}), About({"a", "b"})}, kNow);
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(changes[0].verb, "opened");
  EXPECT_EQ(changes[0].finding.version, 1);
  EXPECT_EQ(changes[0].finding.create_time, kNow);
}

TEST(ReconcileTest, LeavesAgreementAlone) {
  const Finding open = Stored(About({"a"}), FindingState::kOpen);
  EXPECT_THAT(Reconcile(ById(open), {About({"a"})}, kNow), IsEmpty());
  const Finding withdrawn = Stored(About({"a"}), FindingState::kWithdrawn);
  EXPECT_THAT(Reconcile(ById(withdrawn), {}, kNow), IsEmpty());
}

TEST(ReconcileTest, Withdraws) {
  const Finding open = Stored(About({"a"}), FindingState::kOpen);
  const auto changes = Reconcile(ById(open), {}, kNow);
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(changes[0].verb, "withdrawn");
  EXPECT_EQ(changes[0].finding.state, FindingState::kWithdrawn);
  EXPECT_EQ(changes[0].finding.version, 4);
  EXPECT_EQ(changes[0].finding.create_time, kThen);
  EXPECT_EQ(changes[0].finding.conclusion, open.conclusion);
}

TEST(ReconcileTest, Reopens) {
  const Finding withdrawn = Stored(About({"a"}), FindingState::kWithdrawn);
  const auto changes = Reconcile(ById(withdrawn), {About({"a"}, "again")}, kNow);
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(changes[0].verb, "reopened");
  EXPECT_EQ(changes[0].finding.uid, withdrawn.uid);
  EXPECT_EQ(changes[0].finding.conclusion.explanation, "again");
}

TEST(ReconcileTest, Changes) {
  const auto changes = Reconcile(ById(Stored(About({"a"}), FindingState::kOpen)), {About({"a"}, "otherwise")}, kNow);
  ASSERT_THAT(changes, SizeIs(1));
  EXPECT_EQ(changes[0].verb, "changed");
  EXPECT_EQ(changes[0].finding.state, FindingState::kOpen);
  EXPECT_EQ(changes[0].finding.update_time, kNow);
}

}  // namespace
}  // namespace tributary::conflict
