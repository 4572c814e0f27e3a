#include "partner-service/customers/customer.h"

#include <gmock/gmock.h>

#include <functional>
#include <string>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "common/time/testing_time.h"
#include "gtest/gtest.h"

namespace tributary::partner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using State = CustomerState;

Customer Of(std::string id) {
  return {.id = std::move(id), .revision = Revision::First(kNow), .identity = {.names = {"Acme"}}, .segment = "retail"};
}

// Every state, every verb.
TEST(CustomerTest, MovesByItsVerbs) {
  const Customer other = Of("b");
  const Customer active = Of("a"), merged = *Merge(active, other, kNow), erased = *Erase(active, kNow),
                 merged_and_erased = *Erase(merged, kNow);
  using Verb = std::function<absl::StatusOr<Customer>(const Customer&)>;
  const Verb merge = [&](const Customer& one) { return Merge(one, other, kNow); };
  const Verb merge_into = [&](const Customer& one) { return Merge(other, one, kNow); };
  const Verb undo = [](const Customer& one) { return UndoMerge(one, kNow); };
  const Verb erase = [](const Customer& one) { return Erase(one, kNow); };
  const Verb classify = [](const Customer& one) { return Classify(one, "schools", "regions/cn", kNow); };
  const struct {
    const char* what;
    const Customer& from;
    const Verb& verb;
    bool allowed;
    State to;
  } kCases[] = {
      {"active merge", active, merge, true, State::kMerged},
      {"active merged into", active, merge_into, true, State::kMerged},
      {"active undo", active, undo, false, {}},
      {"active erase", active, erase, true, State::kErased},
      {"active classify", active, classify, true, State::kActive},
      {"merged classify", merged, classify, true, State::kMerged},
      {"erased classify", erased, classify, false, {}},
      {"merged merge", merged, merge, false, {}},
      {"merged merged into", merged, merge_into, false, {}},
      {"merged undo", merged, undo, true, State::kActive},
      {"merged erase", merged, erase, true, State::kErased},
      {"erased merge", erased, merge, false, {}},
      {"erased merged into", erased, merge_into, false, {}},
      {"erased undo", erased, undo, false, {}},
      {"erased erase", erased, erase, false, {}},
      {"merged and erased undo", merged_and_erased, undo, false, {}},
      {"merged and erased erase", merged_and_erased, erase, false, {}},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.what);
    const auto to = c.verb(c.from);
    EXPECT_EQ(to.ok(), c.allowed);
    if (!c.allowed) {
      EXPECT_THAT(to, HasReason(Reason::kStateConflict));
      continue;
    }
    EXPECT_EQ(to->state, c.to);
    EXPECT_EQ(to->revision.version, (to->id == "b" ? other : c.from).revision.version + 1);
  }
  EXPECT_THAT(Merge(active, active, kNow), Blames("into"));
}

TEST(CustomerTest, AMergeIsDatedAndUndoneExactly) {
  const absl::Time later = kNow + absl::Hours(1), last = kNow + absl::Hours(2);
  const Customer before = Of("a");
  const Customer merged = *Merge(before, Of("b"), kNow);
  EXPECT_EQ(merged.merged_into(), "b");
  const Customer undone = *UndoMerge(merged, later);
  EXPECT_EQ(undone.merged_into(), "");
  EXPECT_EQ(undone.identity, before.identity);
  EXPECT_EQ(undone.segment, before.segment);
  const Customer again = *Merge(undone, Of("c"), last);
  EXPECT_THAT(again.aliases, ElementsAre(CustomerAlias{"b", kNow, later}, CustomerAlias{"c", last, std::nullopt}));
}

TEST(CustomerTest, ErasedItKeepsItsNameAndWhatItWasMergedInto) {
  const Customer erased = *Erase(*Merge(Of("a"), Of("b"), kNow), kNow);
  EXPECT_EQ(erased.name(), "customers/a");
  EXPECT_EQ(erased.merged_into(), "b");
  EXPECT_EQ(erased.identity, CustomerIdentity());
}

TEST(CustomerTest, CandidatesComeByTheirStrongestReason) {
  const auto match = [](CustomerKeyKind kind, const char* key, const char* known_to, const char* canonical) {
    return CustomerMatch{{kind, key, StrCat("given ", key)}, known_to, canonical};
  };
  const std::vector<CustomerCandidate> candidates = Candidates({
      match(CustomerKeyKind::kName, "acme", "by-name", "by-name"),
      match(CustomerKeyKind::kName, "acme", "a-name-too", "a-name-too"),
      match(CustomerKeyKind::kName, "acme", "name-and-address", "name-and-address"),
      match(CustomerKeyKind::kAddress, "x", "name-and-address", "name-and-address"),
      match(CustomerKeyKind::kAddress, "x", "by-address", "by-address"),
      match(CustomerKeyKind::kDomain, "acme.example", "by-domain", "by-domain"),
      // Known to two that are one: once, by the one that stands for both.
      match(CustomerKeyKind::kTaxId, "VAT 1", "merged", "whole"),
      match(CustomerKeyKind::kName, "acme", "merged", "whole"),
      match(CustomerKeyKind::kName, "acme", "whole", "whole"),
  });
  std::vector<std::string> ids;
  for (const CustomerCandidate& candidate : candidates) ids.push_back(candidate.id);
  EXPECT_THAT(ids, ElementsAre("whole", "by-domain", "name-and-address", "a-name-too", "by-name", "by-address"));
  ASSERT_EQ(candidates[0].matches.size(), 2u);
  EXPECT_EQ(candidates[0].matches[0].key.kind, CustomerKeyKind::kTaxId);
  EXPECT_EQ(candidates[0].matches[0].known_to, "merged");
  EXPECT_EQ(candidates[0].matches[1].known_to, "whole");
  EXPECT_THAT(Candidates({}), IsEmpty());
}

}  // namespace
}  // namespace tributary::partner
