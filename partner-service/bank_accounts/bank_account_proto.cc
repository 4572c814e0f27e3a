#include "partner-service/bank_accounts/bank_account_proto.h"

#include "partner-service/resource_proto.h"

namespace tributary::partner {
namespace {

// Fields that a bank account and its pending terms have alike.
template <typename Message>
void PutTerms(const BankAccountTerms& terms, Message* out) {
  out->set_holder_name(terms.holder_name);
  out->set_bank_name(terms.bank_name);
  out->set_bic(terms.bic);
  out->set_currency(terms.currency);
  out->set_number_type(static_cast<v1::BankAccountTerms::NumberType>(terms.number_type));
}

}  // namespace

v1::BankAccount ToProto(const BankAccount& account) {
  v1::BankAccount out;
  out.set_name(account.name());
  PutRevision(account.revision, &out);
  out.set_state(static_cast<v1::BankAccount::State>(account.state));
  const BankAccountTerms& shown = account.shown();
  PutTerms(shown, &out);
  out.set_masked_account_number(MaskedAccountNumber(shown.number_type, shown.number));
  if (account.verified.has_value() && account.asked.has_value()) {
    PutTerms(*account.asked, out.mutable_pending());
    out.mutable_pending()->set_masked_account_number(
        MaskedAccountNumber(account.asked->number_type, account.asked->number));
  }
  out.set_payable(account.verified.has_value());
  if (account.verify_time.has_value()) *out.mutable_verify_time() = wire::ToProto(*account.verify_time);
  return out;
}

v1::BankAccount Pseudonymous(const BankAccount& account) {
  v1::BankAccount out = ToProto(account);
  out.clear_holder_name();
  if (out.has_pending()) out.mutable_pending()->clear_holder_name();
  return out;
}

v1::BankAccount Whole(const BankAccount& account) {
  v1::BankAccount out;
  out.set_name(account.name());
  PutTerms(account.latest(), &out);
  out.set_account_number(account.latest().number);
  return out;
}

BankAccountTerms FromProto(const v1::BankAccount& account) {
  const auto type = static_cast<AccountNumberType>(account.number_type());
  return {.holder_name = account.holder_name(),
          .bank_name = account.bank_name(),
          .bic = account.bic(),
          .currency = account.currency(),
          .number_type = type,
          .number = NormalizedAccountNumber(type, account.account_number())};
}

events::EventDraft Told(std::string_view verb, const BankAccount& account) {
  return events::Draft(account.partner_id, verb, account.name(), Pseudonymous(account));
}

}  // namespace tributary::partner
