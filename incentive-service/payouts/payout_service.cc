#include "incentive-service/payouts/payout_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/ids/uuid.h"
#include "common/paging/etag.h"
#include "common/time/today.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/payouts/payout_proto.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {
namespace {

void TellPayout(rpc::Unit& unit, std::string_view verb, const Payout& payout, v1::Payout* reply) {
  *reply = ToProto(payout);
  unit.Emit(events::Draft(payout.partner, verb, reply->name(), *reply));
}

void TellHold(rpc::Unit& unit, std::string_view verb, const WalletHold& hold) {
  unit.Emit(events::Draft(hold.partner, verb, hold.name(), ToProto(hold)));
}

// The verb by which the feed tells what a change made of the hold of a payout.
std::string_view HoldVerbOf(const Payout& after) { return after.state == PayoutState::kPaid ? "captured" : "released"; }

}  // namespace

void PayoutService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.PayoutService", this)
      .Unary("GetPayout", &PayoutService::Get)
      .Unary("ListPayouts", &PayoutService::List)
      .Unary("CreatePayout", &PayoutService::Create)
      .Unary("WithdrawPayout", &PayoutService::WithdrawPayout)
      .Unary("ApprovePayout", &PayoutService::ApprovePayout)
      .Unary("RejectPayout", &PayoutService::RejectPayout)
      .Unary("PayPayout", &PayoutService::PayPayout)
      .Unary("FailPayout", &PayoutService::FailPayout);
}

absl::Status PayoutService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetPayoutRequest& request,
                                v1::Payout* reply) {
  ASSIGN_OR_RETURN(const auto name, ParsePayoutName(request.name()));
  ASSIGN_OR_RETURN(const Payout payout, payouts_.Get(unit.sql(), name.first, name.second));
  *reply = ToProto(payout);
  return absl::OkStatus();
}

absl::Status PayoutService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListPayoutsRequest& request,
                                 v1::ListPayoutsResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, PayoutStore::FilterFields()));
  ASSIGN_OR_RETURN(std::vector<Payout> payouts,
                   payouts_.List(unit.sql(), partner, query.After(0), query.After(1), query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &payouts, [](const Payout& payout) {
    return std::vector{payout.partner, payout.id};
  }));
  for (const Payout& payout : payouts) *reply->add_payouts() = ToProto(payout);
  return absl::OkStatus();
}

absl::Status PayoutService::Create(const rpc::Call& call, rpc::Unit& unit, const v1::CreatePayoutRequest& request,
                                   v1::Payout* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                   ParseResourceName(request.parent(), "partners/{partner}", "parent"));
  if (ids[0] == "-") return InvalidField("parent", request.parent(), "the name of one partner");
  ASSIGN_OR_RETURN(Payout payout, FromProto(request.payout(), ids[0]));
  payout.uid = Uuid::New(call.now);
  payout.id = request.payout_id().empty() ? payout.uid.ToString() : request.payout_id();
  payout.hold = payout.uid.ToString();
  payout.create_time = payout.update_time = call.now;
  payout.requester = call.identity->subject;
  if (auto& exchange = payout.exchange; exchange.has_value()) {
    exchange->date = UtcToday(call.now);
    ASSIGN_OR_RETURN(
        const std::optional<Rational> rate,
        rates_.Find(unit.sql(), exchange->rate_type, {payout.currency, exchange->date}, exchange->currency));
    ASSIGN_OR_RETURN(payout, Exchange(std::move(payout), rate));
  }
  ASSIGN_OR_RETURN(Wallet wallet, wallets_.GetForUpdate(unit.sql(), {payout.partner, payout.currency}));
  RETURN_IF_ERROR(CheckDestination(call, unit, payout));
  absl::StatusOr<WalletChange> placed = PlaceHold(std::move(wallet), HoldFor(payout), call.now);
  if (!placed.ok()) return AtField(placed.status(), "payout");
  RETURN_IF_ERROR(payouts_.Insert(unit.sql(), payout));
  RETURN_IF_ERROR(wallets_.Save(unit.sql(), *placed));
  TellHold(unit, "created", *placed->hold);
  TellPayout(unit, "requested", payout, reply);
  return absl::OkStatus();
}

template <typename Request>
absl::StatusOr<PayoutService::Loaded> PayoutService::Load(rpc::Unit& unit, const Request& request) const {
  ASSIGN_OR_RETURN(const auto name, ParsePayoutName(request.name()));
  // What wallet it is of never changes, so it may be read before that is locked.
  ASSIGN_OR_RETURN(const Payout known, payouts_.Get(unit.sql(), name.first, name.second));
  const WalletKey key{known.partner, known.currency};
  Loaded loaded;
  ASSIGN_OR_RETURN(loaded.wallet, wallets_.GetForUpdate(unit.sql(), key));
  ASSIGN_OR_RETURN(loaded.payout, payouts_.GetForUpdate(unit.sql(), name.first, name.second));
  RETURN_IF_ERROR(CheckEtag(loaded.payout.name(), request.etag(), loaded.payout.version));
  ASSIGN_OR_RETURN(loaded.hold, wallets_.GetHold(unit.sql(), {key, loaded.payout.hold}));
  RETURN_IF_ERROR(wallets_.AddLotsOf(unit.sql(), loaded.hold, &loaded.wallet));
  return loaded;
}

absl::Status PayoutService::CheckDestination(const rpc::Call& call, rpc::Unit& unit, const Payout& payout) const {
  ASSIGN_OR_RETURN(const std::string payee, relationships_.PayeeOf(unit.sql(), payout.partner, UtcToday(call.now)));
  ASSIGN_OR_RETURN(const std::optional<BankAccount> account,
                   accounts_.Get(unit.sql(), payout.payee, payout.bank_account));
  return CheckBankAccount(payout, payee, account);
}

absl::Status PayoutService::Save(rpc::Unit& unit, std::string_view verb, const Payout& before, const Payout& after,
                                 const std::optional<WalletChange>& change, v1::Payout* reply) const {
  if (change.has_value()) {
    RETURN_IF_ERROR(wallets_.Save(unit.sql(), *change));
    TellHold(unit, HoldVerbOf(after), *change->hold);
  }
  RETURN_IF_ERROR(payouts_.Update(unit.sql(), before, after));
  TellPayout(unit, verb, after, reply);
  return absl::OkStatus();
}

absl::Status PayoutService::WithdrawPayout(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::WithdrawPayoutRequest& request, v1::Payout* reply) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(unit, request));
  ASSIGN_OR_RETURN(const Payout withdrawn, Withdraw(loaded.payout, call.now));
  ASSIGN_OR_RETURN(const WalletChange change, Return(std::move(loaded.wallet), std::move(loaded.hold), call.now));
  return Save(unit, "withdrawn", loaded.payout, withdrawn, change, reply);
}

absl::Status PayoutService::ApprovePayout(const rpc::Call& call, rpc::Unit& unit,
                                          const v1::ApprovePayoutRequest& request, v1::Payout* reply) {
  ASSIGN_OR_RETURN(const Loaded loaded, Load(unit, request));
  ASSIGN_OR_RETURN(const Payout approved, Approve(loaded.payout, call.identity->subject, request.note(), call.now));
  RETURN_IF_ERROR(CheckDestination(call, unit, approved));
  return Save(unit, "approved", loaded.payout, approved, std::nullopt, reply);
}

absl::Status PayoutService::RejectPayout(const rpc::Call& call, rpc::Unit& unit, const v1::RejectPayoutRequest& request,
                                         v1::Payout* reply) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(unit, request));
  ASSIGN_OR_RETURN(const Payout rejected, Reject(loaded.payout, call.identity->subject, request.note(), call.now));
  ASSIGN_OR_RETURN(const WalletChange change, Return(std::move(loaded.wallet), std::move(loaded.hold), call.now));
  return Save(unit, "rejected", loaded.payout, rejected, change, reply);
}

absl::Status PayoutService::PayPayout(const rpc::Call& call, rpc::Unit& unit, const v1::PayPayoutRequest& request,
                                      v1::Payout* reply) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(unit, request));
  ASSIGN_OR_RETURN(const Payout paid, Pay(loaded.payout, call.identity->subject, request.bank_reference(), call.now));
  RETURN_IF_ERROR(CheckDestination(call, unit, paid));
  ASSIGN_OR_RETURN(const WalletChange change,
                   Capture(std::move(loaded.wallet), std::move(loaded.hold), std::nullopt, call.now));
  return Save(unit, "paid", loaded.payout, paid, change, reply);
}

absl::Status PayoutService::FailPayout(const rpc::Call& call, rpc::Unit& unit, const v1::FailPayoutRequest& request,
                                       v1::Payout* reply) {
  ASSIGN_OR_RETURN(Loaded loaded, Load(unit, request));
  ASSIGN_OR_RETURN(const Payout failed, Fail(loaded.payout, call.identity->subject, request.reason(), call.now));
  ASSIGN_OR_RETURN(const WalletChange change, Return(std::move(loaded.wallet), std::move(loaded.hold), call.now));
  return Save(unit, "failed", loaded.payout, failed, change, reply);
}

}  // namespace tributary::incentive
