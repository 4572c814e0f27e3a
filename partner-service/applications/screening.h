#pragma once

// Screening: is an applicant worth a person's look? A sum of points over a small, versioned set of criteria; what is
// not told gives no points and is shown as missing, never as good. Pure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/money/money.h"

namespace tributary::partner {

// What is read.
struct ScreeningInput {
  std::string_view legal_name;
  std::string_view kind;         // empty where unknown
  std::string_view home_region;  // empty where unknown or not in use
  std::string_view tax_id;       // empty where unknown
  std::optional<Money> annual_sales;
  std::optional<int> employees;
  std::optional<int> year_opened;
  int references = 0;    // companies that may be asked
  int licenses = 0;      // documents of the kind LICENSE that hold
  int certificates = 0;  // documents of the kind CERTIFICATE that hold
  int year = 0;          // of the day of screening
};

// The numbers are stored, and those of the wire.
enum class Aspect { kQualification = 1, kReputation = 2, kCapability = 3 };

struct Criterion {
  std::string name;
  Aspect aspect = Aspect::kQualification;
  int points = 0;
  int max_points = 0;
  bool missing = false;
  std::string explanation;
};

struct AspectScore {
  Aspect aspect = Aspect::kQualification;
  int points = 0;
  int max_points = 0;

  friend bool operator==(const AspectScore&, const AspectScore&) = default;
};

// Who looks like the applicant; it gives and takes no points.
struct Duplicate {
  std::string name;    // partners/{partner} or applications/{application}
  std::string reason;  // "legal name", "tax id"

  friend bool operator==(const Duplicate&, const Duplicate&) = default;
};

struct Screening {
  std::string criteria_version;
  std::vector<Criterion> criteria;
  int score = 0;  // sum of the points
  int pass_score = 0;
  bool passed = false;
  std::vector<Duplicate> duplicates;
};

// The criteria sets, 100 points each.
//
// "2026-1", passed from 60:
//   qualification  legal_name    20 when told       kind         20 when told        home_region  20 when in use
//   reputation     years_in_business  0 to 10: 2 below 1, 4 below 3, 7 below 10, else 10
//   capability     annual_sales  5, 10, 15, 20      employees    2 below 10, 6 below 50, else 10
//
// "2026-2", passed from 50:
//   qualification  legal_name    10 when told       kind         10 when told        home_region  15 when in use
//                  tax_id         5 when told       license       5 with a LICENSE that holds
//   reputation     years_in_business  3 below 1, 6 below 3, 10 below 10, else 15
//                  references    4 for one, 7 for two, 10 from three
//   capability     annual_sales  4, 8, 12, 15       employees    2 below 10, 6 below 50, else 10
//                  certificates   5 with a CERTIFICATE that holds
//
// annual_sales: the bounds are 100,000, 500,000 and 1,000,000 in USD, EUR and GBP, seven times that in CNY. There are
// no bands of other currencies: 0 points, and the explanation says so. A year to come counts as missing.
inline constexpr std::string_view kCriteriaInForce = "2026-2";

// INVALID_FIELD criteria_version: none that is known; empty is the one in force.
absl::Status CheckCriteriaVersion(std::string_view version);

// By a version that CheckCriteriaVersion lets pass.
Screening Screen(const ScreeningInput& input, std::string_view version = kCriteriaInForce);

// The aspects in their order; their points sum to the score.
std::vector<AspectScore> AspectsOf(const Screening& screening);
// Names of the criteria whose data was not there, in their order.
std::vector<std::string> MissingOf(const Screening& screening);

}  // namespace tributary::partner
