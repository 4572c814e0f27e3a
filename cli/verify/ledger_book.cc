#include "cli/verify/ledger_book.h"

#include <optional>
#include <utility>

#include "cli/verify/arithmetic.h"
#include "cli/verify/differences.h"

namespace tributary::cli {
namespace {

using incentive::v1::Claim;
using incentive::v1::LedgerEntry;
using incentive::v1::Statement;
using verify::Billionths;
using verify::Fraction;
using verify::Integer;
using verify::Text;

Integer MoneyIn(const google::type::Money& money) { return Billionths(money).value_or(0); }

// Half-even to the currency's smallest unit, in billionths.
Integer ToSmallestUnits(const Fraction& value, const std::string& currency) {
  const Integer minor = verify::SmallestUnits(currency);
  return verify::Round({value.num * minor, value.den}, verify::RoundingRule::kHalfEven) * verify::Unit() / minor;
}

// "partners/p1" of "partners/p1/ledgerEntries/3".
std::string PartnerNameIn(const std::string& name) { return name.substr(0, name.find('/', name.find('/') + 1)); }

// What is settled, by whichever way, and what is not.
bool IsOfStatements(LedgerEntry::Account account) {
  return account != LedgerEntry::COST && account != LedgerEntry::CLAWBACK_WAIVED;
}

}  // namespace

std::vector<std::string> LedgerBook::Add(const LedgerEntry& entry) {
  Differences differences;
  const std::string partner = PartnerNameIn(entry.name());
  const int64_t number = ++numbers_[partner];
  const std::string name = partner + "/ledgerEntries/" + std::to_string(number);
  differences.Want(entry.name() == name, "name", entry.name(), name);
  if (entry.item().rfind(partner + "/", 0) != 0)
    differences.Differ("item: stated " + entry.item() + ", of another partner");
  Integer sum = 0;
  LedgerEntry::Account before = LedgerEntry::ACCOUNT_UNSPECIFIED;
  for (const LedgerEntry::Leg& leg : entry.legs()) {
    const std::string account = LedgerEntry::Account_Name(leg.account());
    const std::optional<Integer> amount = Billionths(leg.amount());
    if (!amount.has_value() || leg.amount().currency_code() != entry.currency() || *amount == 0) {
      differences.Differ(account + ": its amount cannot be read, or is of another currency, or nothing");
      continue;
    }
    if (leg.account() <= before) differences.Differ(account + ": out of order, or there twice");
    before = leg.account();
    sum += *amount;
    auto& [legs, balance] = accounts_[{partner, entry.currency(), leg.account()}];
    balance += *amount;
    ++legs;
    differences.Want(leg.account_seq() == legs, account + ": account_seq", std::to_string(leg.account_seq()),
                     std::to_string(legs));
    differences.Want(Billionths(leg.balance_after()) == balance, account + ": balance_after",
                     Text(MoneyIn(leg.balance_after())), Text(balance));
    items_[{entry.item(), entry.currency()}][leg.account()] += *amount;
  }
  differences.Want(sum == 0, "sum of its legs", Text(sum), "0");
  if (entry.legs_size() < 2)
    differences.Differ("legs: stated " + std::to_string(entry.legs_size()) + ", want two or more");
  return std::move(differences).Take();
}

LedgerBook::Amounts LedgerBook::Of(const std::string& item, const std::string& currency) const {
  const auto found = items_.find({item, currency});
  return found == items_.end() ? Amounts() : found->second;
}

std::vector<std::string> LedgerBook::Compare(const Amounts& stated, const Amounts& entered) const {
  Differences differences;
  Amounts both = stated;
  for (const auto& [account, amount] : entered) both.try_emplace(account, 0);
  for (const auto& [account, amount] : both) {
    if (account == LedgerEntry::COST) continue;  // the sum of all others
    const auto found = entered.find(account);
    const Integer there = found == entered.end() ? Integer(0) : found->second;
    differences.Want(amount == there, "ledger: " + LedgerEntry::Account_Name(account), Text(amount), Text(there));
  }
  return std::move(differences).Take();
}

std::vector<std::string> LedgerBook::Verify(const Statement& statement) const {
  Differences differences;
  if (statement.state() == Statement::DRAFT) return {};
  Integer settled = 0, withheld = 0;
  const auto item = [&](int ordinal, const google::type::Money& amount, const Integer& waived) {
    const std::string path = "entries/" + std::to_string(ordinal);
    const Amounts entered = Of(statement.name() + "/" + path, amount.currency_code());
    Integer in_all = 0, given_up = 0;
    for (const auto& [account, there] : entered) {
      if (IsOfStatements(account)) in_all += there;
      if (account == LedgerEntry::WITHHELD) withheld += there;
      if (IsOfStatements(account) && account != LedgerEntry::WITHHELD && account != LedgerEntry::STATED)
        settled += there;
      if (account == LedgerEntry::CLAWBACK_WAIVED) given_up -= there;
    }
    differences.Want(waived == given_up, "ledger: CLAWBACK_WAIVED of " + path, Text(waived), Text(given_up));
    differences.Want(MoneyIn(amount) == in_all, "ledger: amount of " + path, Text(MoneyIn(amount)), Text(in_all));
  };
  for (const auto& entry : statement.entries()) {
    const Integer waived = MoneyIn(entry.clawback().waived()) - MoneyIn(entry.clawback().waived_before());
    item(entry.ordinal(), entry.amount(), waived);
  }
  for (const auto& adjustment : statement.adjustments()) item(adjustment.ordinal(), adjustment.amount(), 0);
  differences.Want(MoneyIn(statement.settled()) == settled, "ledger: settled", Text(MoneyIn(statement.settled())),
                   Text(settled));
  differences.Want(MoneyIn(statement.withheld()) == withheld, "ledger: withheld", Text(MoneyIn(statement.withheld())),
                   Text(withheld));
  return std::move(differences).Take();
}

std::vector<std::string> LedgerBook::Verify(const Claim& claim) const {
  Amounts stated;
  const Integer left = MoneyIn(claim.approved()) - MoneyIn(claim.deducted());
  switch (claim.state()) {
    case Claim::SUBMITTED:
      stated[LedgerEntry::CLAIMED] = MoneyIn(claim.amount());
      break;
    case Claim::APPROVED:
      stated[LedgerEntry::APPROVED] = left;
      stated[LedgerEntry::DEDUCTED] = MoneyIn(claim.deducted());
      break;
    case Claim::PAID:
      stated[LedgerEntry::PAID] = left;
      stated[LedgerEntry::DEDUCTED] = MoneyIn(claim.deducted());
      for (const auto& one : claim.true_ups()) {
        const Integer amount = MoneyIn(one.amount());
        stated[amount < 0 ? LedgerEntry::CLAWED_BACK : LedgerEntry::PAID] += amount;
      }
      break;
    default:
      break;
  }
  return Compare(stated, Of(claim.name(), claim.amount().currency_code()));
}

std::vector<std::string> LedgerBook::Verify(const incentive::v1::Payout& payout) const {
  Differences differences;
  const bool paid = payout.state() == incentive::v1::Payout::PAID;
  const std::string &currency = payout.amount().currency_code(), &other = payout.paid_amount().currency_code();
  const bool exchanged = !other.empty() && other != currency;
  const Integer amount = MoneyIn(payout.amount()), paid_amount = MoneyIn(payout.paid_amount());
  if (exchanged) {
    const Fraction rate = verify::ParseDecimal(payout.rate().value()).value_or(Fraction{});
    const Integer worked = ToSmallestUnits(verify::Times(verify::Whole(amount), rate), other);
    differences.Want(paid_amount == worked, "paid_amount", Text(paid_amount), Text(worked));
  }
  const auto compare = [&](const std::string& in, const Amounts& stated) {
    for (std::string& what : Compare(stated, Of(payout.name(), in))) differences.Differ(std::move(what));
  };
  Amounts in_wallet, in_other;
  if (paid) {
    in_wallet = {{LedgerEntry::PAID, -amount}, {exchanged ? LedgerEntry::EXCHANGED : LedgerEntry::PAID_OUT, amount}};
    in_other = {{LedgerEntry::EXCHANGED, -paid_amount}, {LedgerEntry::PAID_OUT, paid_amount}};
  }
  compare(currency, in_wallet);
  if (exchanged) compare(other, in_other);
  return std::move(differences).Take();
}

std::vector<std::string> LedgerBook::VerifyWallet(const std::string& name, const WalletTotals& totals) const {
  Differences differences;
  const std::string partner = PartnerNameIn(name), currency = name.substr(name.rfind('/') + 1);
  const auto balance = [&](Account account) {
    const auto found = accounts_.find({partner, currency, account});
    return found == accounts_.end() ? Integer(0) : found->second.second;
  };
  // What was paid out for an exchange came from another currency's wallet.
  const Integer credited = balance(LedgerEntry::PAID) + balance(LedgerEntry::EXPIRED) + balance(LedgerEntry::PAID_OUT) +
                           balance(LedgerEntry::EXCHANGED);
  differences.Want(totals.credited == credited, "ledger: credited", Text(totals.credited), Text(credited));
  differences.Want(totals.expired == balance(LedgerEntry::EXPIRED), "ledger: expired", Text(totals.expired),
                   Text(balance(LedgerEntry::EXPIRED)));
  const Integer clawed_back = -balance(LedgerEntry::CLAWED_BACK);
  differences.Want(totals.clawed_back == clawed_back, "ledger: clawed back", Text(totals.clawed_back),
                   Text(clawed_back));
  return std::move(differences).Take();
}

std::vector<std::string> LedgerBook::VerifyDeductions(const std::string& partner,
                                                      absl::Span<const incentive::v1::Deduction> deductions) const {
  std::map<std::string, Integer> granted;  // by currency
  for (const auto& [key, account] : accounts_) {
    if (std::get<0>(key) == partner && std::get<2>(key) == LedgerEntry::DEDUCTED) granted[std::get<1>(key)];
  }
  for (const incentive::v1::Deduction& deduction : deductions) {
    Integer& sum = granted[deduction.amount().currency_code()];
    Integer matched = 0;
    for (const auto& match : deduction.matches()) matched += MoneyIn(match.amount());
    sum += matched;
    // What was open is granted too.
    if (deduction.state() == incentive::v1::Deduction::WRITTEN_OFF) sum += MoneyIn(deduction.amount()) - matched;
  }
  Differences differences;
  for (const auto& [currency, sum] : granted) {
    const auto found = accounts_.find({partner, currency, LedgerEntry::DEDUCTED});
    const Integer there = found == accounts_.end() ? Integer(0) : found->second.second;
    differences.Want(sum == there, "ledger: DEDUCTED in " + currency, Text(sum), Text(there));
  }
  return std::move(differences).Take();
}

std::vector<std::string> LedgerBook::VerifyPassedOn() const {
  std::map<std::string, Integer> sums;  // by currency
  for (const auto& [key, account] : accounts_) {
    if (std::get<2>(key) == LedgerEntry::PASSED_ON) sums[std::get<1>(key)] += account.second;
  }
  Differences differences;
  for (const auto& [currency, sum] : sums) {
    differences.Want(sum == 0, "ledger: PASSED_ON in " + currency + " over all partners", Text(sum), "0");
  }
  return std::move(differences).Take();
}

}  // namespace tributary::cli
