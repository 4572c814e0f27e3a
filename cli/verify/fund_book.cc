#include "cli/verify/fund_book.h"

#include <utility>

#include "cli/verify/arithmetic.h"
#include "cli/verify/differences.h"

namespace tributary::cli {
namespace {

using incentive::v1::Claim;
using incentive::v1::FundRequest;
using verify::Integer;
using verify::Text;

Integer Sum(const google::type::Money& money) { return verify::Billionths(money).value_or(0); }

void WantSum(const std::string& what, const google::type::Money& stated, const Integer& found,
             Differences* differences) {
  differences->Want(Sum(stated) == found, what, Text(Sum(stated)), Text(found));
}
void WantWithin(const std::string& what, const Integer& sum, const google::type::Money& most,
                Differences* differences) {
  differences->Want(sum <= Sum(most), what, Text(sum), "at most " + Text(Sum(most)));
}

}  // namespace

std::vector<std::string> FundBook::Add(const Claim& claim) {
  Differences differences;
  if (claim.kind() != Claim::MDF) return std::move(differences).Take();
  const auto request = requests_.find(claim.fund_request());
  const std::string partner = claim.name().substr(0, claim.name().find("/claims/"));
  if (request == requests_.end() || !claim.fund_request().starts_with(partner + "/")) {
    differences.Differ("fund_request: " + claim.fund_request() + ": the partner has none");
    return std::move(differences).Take();
  }
  const std::string& currency = request->second.amount().currency_code();
  differences.Want(claim.amount().currency_code() == currency, "amount", claim.amount().currency_code(), currency);
  if (claim.proofs().empty()) differences.Differ("proofs: stated none, want one");
  Claimed& claimed = claimed_[claim.fund_request()];
  if (claim.state() == Claim::SUBMITTED) claimed.pending += Sum(claim.amount());
  if (claim.state() == Claim::APPROVED || claim.state() == Claim::PAID) claimed.approved += Sum(claim.approved());
  return std::move(differences).Take();
}

std::map<std::string, std::vector<std::string>> FundBook::Verify() const {
  std::map<std::string, Differences> found;
  std::map<std::string, Claimed> of_allocations;  // `pending`: requested
  for (const auto& [name, request] : requests_) {
    const auto claims = claimed_.find(name);
    const Claimed claimed = claims == claimed_.end() ? Claimed() : claims->second;
    Differences& differences = found[name];
    WantSum("pending", request.pending(), claimed.pending, &differences);
    WantSum("claimed", request.claimed(), claimed.approved, &differences);
    const Integer taken = claimed.pending + claimed.approved + Sum(request.returned());
    WantWithin("pending, claimed and returned", taken, request.approved(), &differences);
    if (!request.decider().empty() && request.decider() == request.requester()) {
      differences.Differ("decider: " + request.decider() + " asked for it");
    }
    Claimed& of_allocation = of_allocations[request.fund_allocation()];
    of_allocation.pending += Sum(request.approved()) - Sum(request.returned());
    of_allocation.approved += claimed.approved;
  }
  std::map<std::string, Integer> of_budgets;
  for (const auto& [name, allocation] : allocations_) {
    const auto requests = of_allocations.find(name);
    const Claimed below = requests == of_allocations.end() ? Claimed() : requests->second;
    Differences& differences = found[name];
    WantSum("requested", allocation.requested(), below.pending, &differences);
    WantSum("claimed", allocation.claimed(), below.approved, &differences);
    WantWithin("requested", below.pending, allocation.amount(), &differences);
    of_budgets[allocation.budget()] += Sum(allocation.amount());
  }
  for (const auto& [name, budget] : budgets_) {
    const auto allocations = of_budgets.find(name);
    const Integer allocated = allocations == of_budgets.end() ? Integer(0) : allocations->second;
    WantSum("allocated", budget.allocated(), allocated, &found[name]);
    WantWithin("allocated", allocated, budget.amount(), &found[name]);
  }
  std::map<std::string, std::vector<std::string>> told;
  for (auto& [name, differences] : found) {
    std::vector<std::string> words = std::move(differences).Take();
    if (!words.empty()) told[name] = std::move(words);
  }
  return told;
}

}  // namespace tributary::cli
