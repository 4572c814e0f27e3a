// A read of one row, through the whole frame. The peer is a callback server of the bare library whose workers take a
// connection of a pool, select the same row with a prepared statement and fill the same message.

#include "absl/time/clock.h"
#include "common/ids/uuid.h"
#include "common/mysql/connection.h"
#include "common/wire/wire.h"
#include "tests/bench/bench.h"
#include "tests/bench/load.h"
#include "tests/bench/partner_host.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::bench {
namespace {

namespace pb = partner::v1;
constexpr char kMethod[] = "/tributary.partner.v1.PartnerService/GetPartner";
constexpr char kSelect[] =
    "SELECT id, uid, version, create_time, update_time, state, legal_name, trade_names, kind, tax_ids, home_region, "
    "currency, time_zone, addresses, application FROM partner WHERE id = ?";

void MakePartner(rpc::Client& client) {
  pb::CreatePartnerRequest request;
  request.set_partner_id("p-1");
  request.set_request_id(Uuid::New(absl::Now()).ToString());
  pb::Partner& partner = *request.mutable_partner();
  partner.set_legal_name("Shudao Machinery Trading Co., Ltd.");
  partner.add_trade_names("Shudao");
  partner.set_kind(pb::Partner::DEALER);
  pb::TaxId& tax_id = *partner.add_tax_ids();
  tax_id.set_type(pb::TaxId::OTHER);
  tax_id.set_value("91510100MA61000000");
  partner.set_currency("CNY");
  partner.set_time_zone("Asia/Shanghai");
  pb::Address& seat = *partner.add_addresses();
  seat.set_kind(pb::Address::REGISTERED);
  seat.set_text("1 Tianfu Avenue, Chengdu 610000");
  Must(client.Call<pb::Partner>("tributary.partner.v1.PartnerService/CreatePartner", request).status(), "partner");
}

grpc::Status Select(mysql::Connection& connection, const pb::GetPartnerRequest& request, pb::Partner* reply) {
  const auto rows = connection.Query(kSelect, {std::string_view(request.name()).substr(9)});
  if (!rows.ok() || rows->empty()) return {grpc::StatusCode::NOT_FOUND, "no row"};
  const mysql::Row& row = rows->front();
  reply->set_name("partners/" + row.Text(0));
  reply->set_uid(row.Id(1).ToString());
  reply->set_etag("\"" + std::to_string(row.Int(2)) + "\"");
  *reply->mutable_create_time() = wire::ToProto(row.Instant(3));
  *reply->mutable_update_time() = wire::ToProto(row.Instant(4));
  reply->set_state(static_cast<pb::Partner::State>(row.Int(5)));
  reply->set_legal_name(row.Text(6));
  reply->add_trade_names(row.Text(7));
  reply->set_kind(static_cast<pb::Partner::Kind>(row.Int(8)));
  reply->add_tax_ids()->set_value(row.Text(9));
  reply->set_home_region(row.Text(10));
  reply->set_currency(row.Text(11));
  reply->set_time_zone(row.Text(12));
  reply->add_addresses()->set_text(row.Text(13));
  reply->set_application(row.Text(14));
  return grpc::Status::OK;
}

}  // namespace

void GetPartner(const Settings& settings) {
  PartnerHost host;
  MakePartner(host.client());
  pb::GetPartnerRequest request;
  request.set_name("partners/p-1");
  PooledReader reader(host.database().options());
  const BareServer peer(
      kMethod,
      BareServer::Handler<pb::GetPartnerRequest, pb::Partner>(
          [&reader](grpc::CallbackServerContext* context, const pb::GetPartnerRequest* get, pb::Partner* reply) {
            return reader.Run(context,
                              [get, reply](mysql::Connection& connection) { return Select(connection, *get, reply); });
          }));
  Load ours({.address = host.address(), .method = kMethod, .token = host.token()}, request);
  Load theirs({.address = peer.address(), .method = kMethod, .token = host.token()}, request);
  Compare(
      {.name = "get_partner",
       .unit = "calls/s",
       .peer = "libgrpc++ callback server with one pooled SELECT",
       .goal = 0.85},
      settings, [&] { return ours.Run(settings.round); }, [&] { return theirs.Run(settings.round); });
}

}  // namespace tributary::bench
