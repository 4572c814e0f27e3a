#include "incentive-service/wallets/wallet_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/uuid.h"
#include "common/paging/etag.h"
#include "common/paging/field_mask.h"
#include "common/time/today.h"
#include "common/wire/wire.h"
#include "incentive-service/listing/list_query.h"
#include "incentive-service/wallets/wallet_proto.h"

namespace tributary::incentive {
namespace {

void Tell(rpc::Unit& unit, std::string_view verb, const WalletHold& hold, const v1::WalletHold& message) {
  unit.Emit(events::Draft(hold.partner, verb, message.name(), message));
}

}  // namespace

void WalletService::Register(rpc::Server& server) {
  server.Add("tributary.incentive.v1.WalletService", this)
      .Unary("GetWallet", &WalletService::Get)
      .Unary("ListWallets", &WalletService::List)
      .Unary("UpdateWallet", &WalletService::Update)
      .Unary("ListWalletEntries", &WalletService::ListEntries)
      .Unary("GetWalletHold", &WalletService::GetHold)
      .Unary("ListWalletHolds", &WalletService::ListHolds)
      .Unary("CreateWalletHold", &WalletService::CreateHold)
      .Unary("CaptureWalletHold", &WalletService::CaptureHold)
      .Unary("ReleaseWalletHold", &WalletService::ReleaseHold);
}

absl::Status WalletService::Get(const rpc::Call& call, rpc::Unit& unit, const v1::GetWalletRequest& request,
                                v1::Wallet* reply) {
  ASSIGN_OR_RETURN(const WalletKey key, ParseWalletName(request.name()));
  ASSIGN_OR_RETURN(Wallet wallet, wallets_.Get(unit.sql(), key));
  *reply = ToProto(AsOf(std::move(wallet), UtcToday(call.now)));
  return absl::OkStatus();
}

absl::Status WalletService::List(const rpc::Call& call, rpc::Unit& unit, const v1::ListWalletsRequest& request,
                                 v1::ListWalletsResponse* reply) {
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, request.parent()));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, {}));
  const WalletKey after{std::string(query.After(0)), std::string(query.After(1))};
  ASSIGN_OR_RETURN(std::vector<Wallet> wallets, wallets_.List(unit.sql(), partner, after, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &wallets, [](const Wallet& wallet) {
    return std::vector{wallet.partner, wallet.currency};
  }));
  for (Wallet& wallet : wallets) *reply->add_wallets() = ToProto(AsOf(std::move(wallet), UtcToday(call.now)));
  return absl::OkStatus();
}

absl::Status WalletService::Update(const rpc::Call& call, rpc::Unit& unit, const v1::UpdateWalletRequest& request,
                                   v1::Wallet* reply) {
  ASSIGN_OR_RETURN(const WalletKey key, ParseWalletName(request.wallet().name(), "wallet.name"));
  ASSIGN_OR_RETURN(Wallet wallet, wallets_.GetForUpdate(unit.sql(), key));
  RETURN_IF_ERROR(CheckEtag(wallet.name(), request.wallet().etag(), wallet.version));
  v1::Wallet wanted = ToProto(wallet);
  RETURN_IF_ERROR(ApplyFieldMask(request.update_mask(), request.wallet(), &wanted, {"price_share_limit"}));
  wallet.price_share_limit.reset();
  if (wanted.has_price_share_limit()) {
    absl::StatusOr<Decimal> limit = wire::FromProto(wanted.price_share_limit());
    if (!limit.ok()) return AtField(limit.status(), "wallet.price_share_limit");
    wallet.price_share_limit = *limit;
  }
  wallet.version += 1;
  wallet.update_time = call.now;
  RETURN_IF_ERROR(wallets_.SaveLimit(unit.sql(), wallet));
  *reply = ToProto(AsOf(std::move(wallet), UtcToday(call.now)));
  unit.Emit(events::Draft(key.partner, "updated", reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status WalletService::ListEntries(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::ListWalletEntriesRequest& request,
                                        v1::ListWalletEntriesResponse* reply) {
  ASSIGN_OR_RETURN(const WalletKey key, ParseWalletName(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, {}));
  RETURN_IF_ERROR(wallets_.Get(unit.sql(), key).status());
  ASSIGN_OR_RETURN(std::vector<StoredWalletEntry> entries,
                   wallets_.ListEntries(unit.sql(), key, query.AfterNumber(0), query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &entries, [](const StoredWalletEntry& entry) {
    return std::vector{std::to_string(entry.number)};
  }));
  for (const StoredWalletEntry& entry : entries) *reply->add_wallet_entries() = ToProto(entry);
  return absl::OkStatus();
}

absl::Status WalletService::GetHold(const rpc::Call&, rpc::Unit& unit, const v1::GetWalletHoldRequest& request,
                                    v1::WalletHold* reply) {
  ASSIGN_OR_RETURN(const WalletHoldKey key, ParseWalletHoldName(request.name()));
  ASSIGN_OR_RETURN(const WalletHold hold, wallets_.GetHold(unit.sql(), key));
  *reply = ToProto(hold);
  return absl::OkStatus();
}

absl::Status WalletService::ListHolds(const rpc::Call& call, rpc::Unit& unit, const v1::ListWalletHoldsRequest& request,
                                      v1::ListWalletHoldsResponse* reply) {
  ASSIGN_OR_RETURN(const WalletKey parent, ParseWalletName(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const std::optional<std::string> partner, PartnerScope(call, StrCat("partners/", parent.partner)));
  const std::optional<std::string> currency =
      parent.currency == "-" ? std::nullopt : std::optional<std::string>(parent.currency);
  ASSIGN_OR_RETURN(const ListQuery query, ReadListQuery(call, tokens_, request, WalletStore::HoldFilterFields()));
  const WalletHoldKey after{{std::string(query.After(0)), std::string(query.After(1))}, std::string(query.After(2))};
  ASSIGN_OR_RETURN(std::vector<WalletHold> holds,
                   wallets_.ListHolds(unit.sql(), partner, currency, after, query.where, query.limit + 1));
  reply->set_next_page_token(CutPage(query, tokens_, &holds, [](const WalletHold& hold) {
    return std::vector{hold.partner, hold.currency, hold.id};
  }));
  for (const WalletHold& hold : holds) *reply->add_wallet_holds() = ToProto(hold);
  return absl::OkStatus();
}

absl::Status WalletService::CreateHold(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::CreateWalletHoldRequest& request, v1::WalletHold* reply) {
  ASSIGN_OR_RETURN(const WalletKey key, ParseWalletName(request.parent(), "parent"));
  ASSIGN_OR_RETURN(Wallet wallet, wallets_.GetForUpdate(unit.sql(), key));
  ASSIGN_OR_RETURN(WalletHold hold, FromProto(request.wallet_hold(), key));
  hold.uid = Uuid::New(call.now);
  hold.id = request.wallet_hold_id().empty() ? hold.uid.ToString() : request.wallet_hold_id();
  hold.create_time = hold.update_time = call.now;
  ASSIGN_OR_RETURN(const std::optional<OrderOfHold> order, wallets_.OrderOf(unit.sql(), hold));
  RETURN_IF_ERROR(CheckWanted(hold, order));
  absl::StatusOr<WalletChange> placed = PlaceHold(std::move(wallet), std::move(hold), call.now);
  if (!placed.ok()) return AtField(placed.status(), "wallet_hold");
  RETURN_IF_ERROR(wallets_.Save(unit.sql(), *placed));
  *reply = ToProto(*placed->hold);
  Tell(unit, "created", *placed->hold, *reply);
  return absl::OkStatus();
}

template <typename Request, typename Decide>
absl::Status WalletService::End(const rpc::Call& call, rpc::Unit& unit, const Request& request, std::string_view verb,
                                Decide decide, v1::WalletHold* reply) {
  ASSIGN_OR_RETURN(const WalletHoldKey key, ParseWalletHoldName(request.name()));
  ASSIGN_OR_RETURN(Wallet wallet, wallets_.GetForUpdate(unit.sql(), key.wallet));
  ASSIGN_OR_RETURN(WalletHold hold, wallets_.GetHold(unit.sql(), key));
  RETURN_IF_ERROR(CheckEtag(hold.name(), request.etag(), hold.version));
  ASSIGN_OR_RETURN(const std::optional<OrderOfHold> order, wallets_.OrderOf(unit.sql(), hold));
  RETURN_IF_ERROR(CheckFree(hold, order, verb));
  std::optional<int64_t> amount;
  if (request.has_amount()) {
    ASSIGN_OR_RETURN(amount, MinorFromProto(request.amount(), key.wallet.currency, "amount"));
  }
  ASSIGN_OR_RETURN(const WalletChange change, decide(std::move(wallet), std::move(hold), amount, call.now));
  RETURN_IF_ERROR(wallets_.Save(unit.sql(), change));
  *reply = ToProto(*change.hold);
  Tell(unit, StrCat(verb, "d"), *change.hold, *reply);
  return absl::OkStatus();
}

absl::Status WalletService::CaptureHold(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::CaptureWalletHoldRequest& request, v1::WalletHold* reply) {
  return End(call, unit, request, "capture", Capture, reply);
}

absl::Status WalletService::ReleaseHold(const rpc::Call& call, rpc::Unit& unit,
                                        const v1::ReleaseWalletHoldRequest& request, v1::WalletHold* reply) {
  return End(call, unit, request, "release", Release, reply);
}

}  // namespace tributary::incentive
