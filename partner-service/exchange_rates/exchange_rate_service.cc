#include "partner-service/exchange_rates/exchange_rate_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/imports/batch.h"
#include "common/paging/etag.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/wire/wire.h"
#include "partner-service/exchange_rates/exchange_rate_proto.h"

namespace tributary::partner {
namespace {

constexpr std::string_view kPattern = "exchangeRates/{exchange_rate}";

std::optional<ExchangeRate> Find(const absl::flat_hash_map<std::string, ExchangeRate>& rates, const std::string& id) {
  const auto it = rates.find(id);
  return it == rates.end() ? std::nullopt : std::optional(it->second);
}

// The rate's revision where it takes its place: after the withdrawn one's, where there is one.
Revision RevisionAfter(const std::optional<ExchangeRate>& stored, absl::Time now) {
  Revision revision = Revision::First(now);
  if (stored.has_value()) revision.version = stored->revision.version + 1;
  return revision;
}

}  // namespace

void ExchangeRateService::Register(rpc::Server& server) {
  server.Add("tributary.partner.v1.ExchangeRateService", this)
      .Unary("GetExchangeRate", &ExchangeRateService::Get)
      .Unary("ListExchangeRates", &ExchangeRateService::List)
      .Unary("CreateExchangeRate", &ExchangeRateService::Create)
      .Unary("WithdrawExchangeRate", &ExchangeRateService::Withdraw)
      .Unary("LookUpExchangeRate", &ExchangeRateService::LookUp)
      .Unary("BatchImportExchangeRates", &ExchangeRateService::BatchImport);
}

absl::Status ExchangeRateService::Get(const rpc::Call&, rpc::Unit& unit, const v1::GetExchangeRateRequest& request,
                                      v1::ExchangeRate* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const ExchangeRate rate, rates_.Get(unit.sql(), ids.front()));
  *reply = ToProto(rate);
  return absl::OkStatus();
}

absl::Status ExchangeRateService::List(const rpc::Call& call, rpc::Unit& unit,
                                       const v1::ListExchangeRatesRequest& request,
                                       v1::ListExchangeRatesResponse* reply) {
  ASSIGN_OR_RETURN(const Page page, Page::Of(tokens_, call, request, ExchangeRateStore::Fields(),
                                             request.show_deleted() ? "all" : "active"));
  ASSIGN_OR_RETURN(std::vector<ExchangeRate> rates, rates_.List(unit.sql(), page, request.show_deleted()));
  reply->set_next_page_token(page.Cut(&rates, [](const ExchangeRate& last) { return std::vector{last.id()}; }));
  for (const ExchangeRate& rate : rates) *reply->add_exchange_rates() = ToProto(rate);
  return absl::OkStatus();
}

absl::Status ExchangeRateService::Create(const rpc::Call& call, rpc::Unit& unit,
                                         const v1::CreateExchangeRateRequest& request, v1::ExchangeRate* reply) {
  auto told = FromProto(request.exchange_rate());
  if (!told.ok()) return AtField(told.status(), "exchange_rate");
  ExchangeRate rate = *std::move(told);
  ASSIGN_OR_RETURN(const auto known, rates_.GetForUpdate(unit.sql(), {rate.id()}));
  const std::optional<ExchangeRate> stored = Find(known, rate.id());
  const auto arrival = Arrive(stored, rate);
  if (!arrival.ok()) return AtField(arrival.status(), "exchange_rate");
  if (*arrival == RateArrival::kAgain) {
    *reply = ToProto(*stored);
    return absl::OkStatus();
  }
  rate.revision = RevisionAfter(stored, call.now);
  RETURN_IF_ERROR(*arrival == RateArrival::kNew ? rates_.Insert(unit.sql(), {rate}, "")
                                                : rates_.Replace(unit.sql(), rate, ""));
  unit.Emit(Told("recorded", rate));
  *reply = ToProto(rate);
  return absl::OkStatus();
}

absl::Status ExchangeRateService::Withdraw(const rpc::Call& call, rpc::Unit& unit,
                                           const v1::WithdrawExchangeRateRequest& request, v1::ExchangeRate* reply) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), kPattern));
  ASSIGN_OR_RETURN(const auto known, rates_.GetForUpdate(unit.sql(), {ids.front()}));
  const std::optional<ExchangeRate> stored = Find(known, ids.front());
  if (!stored.has_value()) return NotFound(request.name());
  RETURN_IF_ERROR(CheckEtag(stored->name(), request.etag(), stored->revision.version));
  ASSIGN_OR_RETURN(const ExchangeRate withdrawn, tributary::partner::Withdraw(*stored, call.now));
  RETURN_IF_ERROR(rates_.SetState(unit.sql(), {withdrawn}));
  unit.Emit(Told("withdrawn", withdrawn));
  *reply = ToProto(withdrawn);
  return absl::OkStatus();
}

absl::Status ExchangeRateService::LookUp(const rpc::Call&, rpc::Unit& unit,
                                         const v1::LookUpExchangeRateRequest& request,
                                         v1::LookUpExchangeRateResponse* reply) {
  const RatePair pair{request.rate_type(), request.from_currency(), request.to_currency()};
  const auto given = wire::FromProto(request.date());
  if (!given.ok()) return AtField(given.status(), "date");
  const Date date = *given;
  const Date first = date.AddDays(-request.within_days());
  if (pair.from == pair.to) {
    reply->mutable_rate()->set_value("1");
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::optional<ExchangeRate> latest, rates_.LatestUntil(unit.sql(), pair, date));
  if (latest.has_value() && latest->date >= first) {
    *reply->mutable_exchange_rate() = ToProto(*latest);
    *reply->mutable_rate() = reply->exchange_rate().rate();
    return absl::OkStatus();
  }
  RateNeighbors neighbors{.latest = latest};
  ASSIGN_OR_RETURN(neighbors.inverse, rates_.LatestUntil(unit.sql(), {pair.rate_type, pair.to, pair.from}, date));
  if (neighbors.inverse.has_value() && neighbors.inverse->date < first) neighbors.inverse.reset();
  reply->set_missing(true);
  reply->set_explanation(ExplainMissing(pair, date, request.within_days(), neighbors));
  return absl::OkStatus();
}

absl::Status ExchangeRateService::BatchImport(const rpc::Call& call, rpc::Unit& unit,
                                              const v1::BatchImportExchangeRatesRequest& request,
                                              api::v1::BatchImportResponse* reply) {
  ASSIGN_OR_RETURN(const auto import_id, imports::OpenImport(call, unit, request.import(), "exchangeRates"));
  const std::string brought_by = import_id.has_value() ? import_id->ToString() : "";

  imports::BatchResult result;
  std::vector<std::pair<int64_t, ExchangeRate>> good;  // with the row's number
  std::vector<std::string> ids;
  imports::TakeRows<v1::ExchangeRateRow>(request.rows(), "exchange_rate", result,
                                         [&](const v1::ExchangeRateRow& row) -> absl::Status {
                                           ASSIGN_OR_RETURN(ExchangeRate rate, FromProto(row.exchange_rate()));
                                           ids.push_back(rate.id());
                                           good.emplace_back(row.row(), std::move(rate));
                                           return absl::OkStatus();
                                         });
  ASSIGN_OR_RETURN(auto known, rates_.GetForUpdate(unit.sql(), ids));
  std::vector<ExchangeRate> fresh;
  std::vector<ExchangeRate> replacing;
  for (auto& [row, rate] : good) {
    const std::optional<ExchangeRate> stored = Find(known, rate.id());
    const auto arrival = Arrive(stored, rate);
    if (!arrival.ok()) {
      result.Reject(imports::ErrorsOf(row, arrival.status()));
      continue;
    }
    if (*arrival == RateArrival::kAgain) {
      ++result.duplicate;
      continue;
    }
    rate.revision = RevisionAfter(stored, call.now);
    known.insert_or_assign(rate.id(), rate);
    (*arrival == RateArrival::kNew ? fresh : replacing).push_back(rate);
    ++result.accepted;
  }
  RETURN_IF_ERROR(rates_.Insert(unit.sql(), fresh, brought_by));
  for (const ExchangeRate& rate : replacing) RETURN_IF_ERROR(rates_.Replace(unit.sql(), rate, brought_by));
  for (const ExchangeRate& rate : fresh) unit.Emit(Told("recorded", rate));
  for (const ExchangeRate& rate : replacing) unit.Emit(Told("recorded", rate));
  return imports::CloseBatch(call, unit, import_id, result, reply);
}

absl::StatusOr<int> ExchangeRateService::Undo(const rpc::Call& call, rpc::Unit& unit, std::string_view import_id,
                                              int limit) {
  ASSIGN_OR_RETURN(std::vector<ExchangeRate> rates, rates_.BroughtBy(unit.sql(), import_id, limit));
  for (ExchangeRate& rate : rates) {
    ASSIGN_OR_RETURN(rate, tributary::partner::Withdraw(rate, call.now));
  }
  RETURN_IF_ERROR(rates_.SetState(unit.sql(), rates));
  for (const ExchangeRate& rate : rates) unit.Emit(Told("withdrawn", rate));
  return static_cast<int>(rates.size());
}

}  // namespace tributary::partner
