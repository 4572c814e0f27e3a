#include "cli/verify/claim_book.h"

#include <set>

#include "cli/verify/arithmetic.h"
#include "cli/verify/differences.h"

namespace tributary::cli {
namespace {

using incentive::v1::Claim;
using incentive::v1::ClaimLine;
using verify::Billionths;
using verify::Integer;
using verify::RoundingRule;
using verify::SmallestUnits;
using verify::Text;
using verify::Unit;

Integer In(const google::type::Money& money) { return Billionths(money).value_or(0); }
Integer In(const google::type::Decimal& decimal) { return Billionths(decimal).value_or(0); }

std::string PartnerIn(const std::string& name) { return name.substr(0, name.find('/', name.find('/') + 1)); }

class ClaimVerifier {
 public:
  explicit ClaimVerifier(const Claim& claim) : claim_(claim), currency_(claim.amount().currency_code()) {}

  std::vector<std::string> Run() && {
    States();
    Persons();
    Lines();
    TrueUps();
    return std::move(differences_).Take();
  }

 private:
  void Differ(std::string what) { differences_.Differ(std::move(what)); }
  void WantMoney(const google::type::Money& stated, const Integer& found, const std::string& what) {
    // What is not decided states no amount.
    const bool nothing = stated.currency_code().empty() && found == 0;
    differences_.Want(nothing || (stated.currency_code() == currency_ && Billionths(stated) == found), what,
                      Text(In(stated)) + " " + stated.currency_code(), Text(found) + " " + currency_);
  }
  bool decided() const { return claim_.state() == Claim::APPROVED || claim_.state() == Claim::PAID; }

  void States() {
    const Integer amount = In(claim_.amount()), approved = In(claim_.approved());
    if (amount <= 0) Differ("amount: stated " + Text(amount) + ", want more than 0");
    const bool open = claim_.state() == Claim::SUBMITTED || claim_.state() == Claim::WITHDRAWN;
    if (!decided()) WantMoney(claim_.approved(), 0, "approved");
    WantMoney(claim_.denied(), open ? Integer(0) : Integer(amount - approved), "denied");
    if (approved < 0 || approved > amount) {
      Differ("approved: stated " + Text(approved) + ", want at most " + Text(amount) + ", what is claimed");
    }
    const Integer deducted = In(claim_.deducted());
    if (deducted < 0 || deducted > approved) {
      Differ("deducted: stated " + Text(deducted) + ", want at most " + Text(approved) + ", what is approved");
    }
    if (claim_.state() == Claim::STATE_UNSPECIFIED) Differ("state: stated none, want one");
  }

  void Persons() {
    if (!claim_.decider().empty() && claim_.decider() == claim_.claimant()) {
      Differ("decider: " + claim_.decider() + " claims it");
    }
    if (claim_.payer().empty()) return;
    if (claim_.payer() == claim_.claimant()) Differ("payer: " + claim_.payer() + " claims it");
    if (claim_.payer() == claim_.decider()) Differ("payer: " + claim_.payer() + " decided it");
  }

  void Lines() {
    if (claim_.kind() == Claim::MDF) {
      if (claim_.lines_size() > 0) Differ("lines: stated some, want none of MDF");
      return;
    }
    if (claim_.lines().empty()) return Differ("lines: stated none");
    Integer amount = 0, approved = 0;
    std::set<std::string> named;
    for (int i = 0; i < claim_.lines_size(); ++i) {
      const ClaimLine& line = claim_.lines(i);
      differences_.SetPrefix("lines[" + std::to_string(i) + "]: ");
      const std::string& rests_on = line.sale().empty() ? line.movement() : line.sale();
      if (!rests_on.empty() && !named.insert(rests_on).second) Differ(rests_on + ": twice");
      Line(line);
      amount += In(line.amount());
      approved += In(line.approved());
      differences_.SetPrefix("");
    }
    WantMoney(claim_.amount(), amount, "amount");
    if (decided()) WantMoney(claim_.approved(), approved, "approved");
  }

  void Line(const ClaimLine& line) {
    const Integer product = In(line.quantity()) * In(line.unit_amount());  // of billionths by billionths
    const Integer minor = Round({product * SmallestUnits(currency_), Unit() * Unit()}, RoundingRule::kHalfEven);
    if (In(line.amount()) * SmallestUnits(currency_) != minor * Unit()) {
      Differ("amount: stated " + Text(In(line.amount())) + ", worked out " + line.quantity().value() + " x " +
             Text(In(line.unit_amount())));
    }
    if (!decided()) return;
    Integer denied = 0, layers = 0, units = 0;
    for (const auto& denial : line.denials()) denied += In(denial.amount());
    WantMoney(line.amount(), Integer(In(line.approved()) + denied), "approved and denials");
    for (const auto& layer : line.layers()) {
      layers += In(layer.amount());
      units += In(layer.quantity());
    }
    if (!line.layers().empty()) {
      WantMoney(line.approved(), layers, "layers");
      if (units != In(line.approved_quantity())) {
        Differ("approved_quantity: stated " + line.approved_quantity().value() + ", worked out " + Text(units));
      }
    }
    if (In(line.approved_quantity()) > In(line.quantity())) {
      Differ("approved_quantity: stated " + line.approved_quantity().value() + ", want at most " +
             line.quantity().value());
    }
  }

  void TrueUps() {
    if (claim_.true_ups_size() > 0 && claim_.state() != Claim::PAID) Differ("true_ups: of a claim that is not paid");
    Integer due = In(claim_.approved());
    for (int i = 0; i < claim_.true_ups_size(); ++i) {
      const auto& one = claim_.true_ups(i);
      const std::string what = "true_ups[" + std::to_string(i) + "]";
      due += In(one.amount());
      WantMoney(one.due(), due, what + ": due");
      if (one.principal() == claim_.claimant()) Differ(what + ": " + one.principal() + " claims it");
    }
  }

  const Claim& claim_;
  const std::string currency_;
  Differences differences_;
};

}  // namespace

std::vector<std::string> VerifyClaim(const Claim& claim) { return ClaimVerifier(claim).Run(); }

void ClaimBook::Add(const incentive::v1::Deduction& deduction) {
  for (const auto& match : deduction.matches()) deducted_[match.entitlement()] += In(match.amount());
}

std::vector<std::string> ClaimBook::Add(const Claim& claim) {
  std::vector<std::string> differences = VerifyClaim(claim);
  const auto taken = deducted_.find(claim.name());
  const Integer deducted = taken == deducted_.end() ? Integer(0) : taken->second;
  if (deducted != In(claim.deducted())) {
    differences.push_back("deducted: stated " + Text(In(claim.deducted())) + ", worked out " + Text(deducted) +
                          " of deductions");
  }
  if (claim.state() == Claim::REJECTED || claim.state() == Claim::WITHDRAWN) return differences;
  for (const auto& proof : claim.proofs()) {
    const auto [other, fresh] = by_proof_.try_emplace({PartnerIn(claim.name()), proof.sha256()}, claim.name());
    if (!fresh) differences.push_back(proof.document() + ": proves " + other->second + " too");
  }
  return differences;
}

}  // namespace tributary::cli
