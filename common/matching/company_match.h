#pragma once

// Whether two descriptions mean one company: the one decision for what comes in and for history. Pure, deterministic,
// symmetric; the order of names and numbers within a description does not matter; nothing depends on which other
// companies there are. Every decision says which features spoke for and against it, by how much, and which rule made
// it.

#include <string>
#include <string_view>
#include <vector>

#include "common/matching/address.h"
#include "common/matching/name_likeness.h"
#include "common/matching/name_parts.h"
#include "common/matching/tax_number.h"

namespace tributary::matching {

// Changes whenever any pair may be decided otherwise.
inline constexpr std::string_view kCompanyMatchVersion = "company-1";

// What is known of a company, as it was given. All may be empty.
struct CompanyDescription {
  std::vector<std::string> names;    // legal and trade names
  std::vector<std::string> tax_ids;  // 统一社会信用代码, VAT numbers with their country, others
  std::vector<std::string> domains;  // domains, web or mail addresses
  std::vector<std::string> phones;
  std::vector<std::string> addresses;
};

// The same, read once for many comparisons.
class CompanyParts {
 public:
  CompanyParts() = default;
  explicit CompanyParts(const CompanyDescription& description);

 private:
  friend struct Comparer;

  template <typename Part>
  struct Given {
    std::string text;
    Part part;
  };
  // Each sorted by its text and without what repeats.
  std::vector<Given<NameParts>> names_;
  std::vector<Given<TaxNumber>> tax_ids_;
  std::vector<Given<std::string>> domains_, phones_;
  std::vector<Given<AddressParts>> addresses_;
};

enum class Feature { kName = 1, kTaxId = 2, kDomain = 3, kPhone = 4, kAddress = 5 };
std::string_view NameOf(Feature feature);

// What one feature says: of all pairs of texts, that which speaks most for one company.
struct FeatureMatch {
  Feature feature = Feature::kName;
  std::string a, b;  // as given
  int likeness = 0;  // thousandths
  NameRule name_rule = NameRule::kNone;
  int centibans = 0;  // hundredths of log10 of the odds; above 0 it speaks for one company

  friend bool operator==(const FeatureMatch&, const FeatureMatch&) = default;
};

enum class Decision { kDifferent = 1, kPossible = 2, kSame = 3 };
std::string_view NameOf(Decision decision);

// What made the decision.
enum class DecisionRule {
  kEvidence = 1,      // the sum of the evidence
  kTaxIdEqual = 2,    // a number of one company alone: SAME
  kTaxIdsDiffer = 3,  // both have such a number, and another: POSSIBLE at most
  kHintOnly = 4,      // initials or the sound of Han, and nothing else: POSSIBLE at most
};
std::string_view NameOf(DecisionRule rule);

struct CompanyMatch {
  Decision decision = Decision::kDifferent;
  DecisionRule rule = DecisionRule::kEvidence;
  int centibans = 0;                   // the sum
  std::vector<FeatureMatch> features;  // those that both descriptions have, in the order of Feature
};

// The evidence that is enough; docs/reference/matching.md states the precision that was measured with it.
inline constexpr int kSameFrom = 300, kPossibleFrom = 60;

CompanyMatch Compare(const CompanyParts& a, const CompanyParts& b);
CompanyMatch Compare(const CompanyDescription& a, const CompanyDescription& b);
// Of two descriptions of one name each and nothing else, whose likeness is known; without the texts.
CompanyMatch MatchOfNames(const NameLikeness& likeness);

// What a likeness of names is worth, in centibans.
int EvidenceOf(const NameLikeness& likeness);

}  // namespace tributary::matching
