// Partners where there are many (--partners): any one of them, and a page near the end of the list.

#include <random>
#include <string>

#include "absl/time/clock.h"
#include "common/ids/uuid.h"
#include "common/mysql/connection.h"
#include "common/text/text.h"
#include "tests/bench/bench.h"
#include "tests/bench/load.h"
#include "tests/bench/partner_host.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::bench {
namespace {

namespace pb = partner::v1;
constexpr char kGet[] = "tributary.partner.v1.PartnerService/GetPartner";
constexpr char kList[] = "tributary.partner.v1.PartnerService/ListPartners";
constexpr char kPeerGet[] = "/tributary.partner.v1.PartnerService/GetPartner";
constexpr int kChunk = 10'000;

std::string IdOf(int n) { return StrCat("p-", 1'000'000'000 + n); }

// One by a call, the others as its copies.
void MakePartners(PartnerHost& host, int count) {
  pb::CreatePartnerRequest request;
  request.set_partner_id(IdOf(0));
  request.set_request_id(Uuid::New(absl::Now()).ToString());
  pb::Partner& partner = *request.mutable_partner();
  partner.set_legal_name("Shudao Machinery Trading Co., Ltd.");
  partner.set_kind(pb::Partner::DEALER);
  partner.set_currency("CNY");
  partner.set_time_zone("Asia/Shanghai");
  Must(host.client().Call<pb::Partner>("tributary.partner.v1.PartnerService/CreatePartner", request).status(),
       "partner");
  std::string columns;
  for (int from = 1; from < count; from += kChunk) {
    const int to = std::min(from + kChunk, count) - 1;
    Must(host.database().Transact(
             {},
             [&](mysql::Transaction& sql) -> absl::Status {
               if (columns.empty()) {
                 ASSIGN_OR_RETURN(const mysql::Rows rows,
                                  sql.Query("SELECT column_name FROM information_schema.columns WHERE "
                                            "table_schema = DATABASE() AND table_name = 'partner' AND "
                                            "column_name NOT IN ('id', 'uid')"));
                 for (const mysql::Row& row : rows) StrAppend(&columns, ", ", row.Text(0));
               }
               return sql
                   .Execute(StrCat("INSERT INTO partner (id, uid", columns,
                                   ") SELECT CONCAT('p-', 1000000000 + seq), UNHEX(MD5(seq))", columns,
                                   " FROM partner JOIN seq_", from, "_to_", to, " WHERE id = ?"),
                            {IdOf(0)})
                   .status();
             }),
         "copies");
  }
}

grpc::Status Select(mysql::Connection& connection, const pb::GetPartnerRequest& request, pb::Partner* reply) {
  const auto rows =
      connection.Query("SELECT * FROM partner WHERE id = ?", {std::string_view(request.name()).substr(9)});
  if (!rows.ok() || rows->empty()) return {grpc::StatusCode::NOT_FOUND, "no row"};
  reply->set_name(request.name());
  reply->set_legal_name(rows->front().Text(7));
  return grpc::Status::OK;
}

// Gets partners here and there.
class Getter {
 public:
  Getter(rpc::Client& client, int partners) : client_(client), which_(0, partners - 1) {}
  void operator()() {
    pb::GetPartnerRequest request;
    request.set_name(StrCat("partners/", IdOf(which_(random_))));
    Must(client_.Call<pb::Partner>(kGet, request).status(), request.name());
  }

 private:
  rpc::Client& client_;
  std::mt19937 random_{7};
  std::uniform_int_distribution<int> which_;
};

}  // namespace

void ManyPartners(const Settings& settings) {
  PartnerHost host;
  MakePartners(host, settings.partners);
  PooledReader reader(host.database().options());
  const BareServer peer(
      kPeerGet,
      BareServer::Handler<pb::GetPartnerRequest, pb::Partner>(
          [&reader](grpc::CallbackServerContext* context, const pb::GetPartnerRequest* get, pb::Partner* reply) {
            return reader.Run(context,
                              [get, reply](mysql::Connection& connection) { return Select(connection, *get, reply); });
          }));
  rpc::Client bare_client({.address = peer.address()});
  Getter ours(host.client(), settings.partners), theirs(bare_client, settings.partners);
  Compare(
      {.name = StrCat("get_partner_of_", settings.partners),
       .unit = "calls/s at p99, one at a time",
       .peer = "libgrpc++ callback server with one pooled SELECT",
       .goal = 0.67},
      settings, [&] { return SlowRate(settings.round, [&] { ours(); }); },
      [&] { return SlowRate(settings.round, [&] { theirs(); }); });

  const auto page = [&](const std::string& token, int size) {
    pb::ListPartnersRequest request;
    request.set_page_size(size);
    request.set_page_token(token);
    auto reply = host.client().Call<pb::ListPartnersResponse>(kList, request);
    Must(reply.status(), "page");
    if (reply->partners_size() != size) Must(absl::UnknownError(StrCat(reply->partners_size())), "size of a page");
    return reply->next_page_token();
  };
  std::string deep;
  for (int seen = 0; seen + 2000 < settings.partners; seen += 1000) deep = page(deep, 1000);
  Compare(
      {.name = StrCat("list_partners_of_", settings.partners),
       .unit = "pages of 100/s near the end",
       .peer = "the first page",
       .goal = 0.9},
      settings, [&] { return MedianRate(settings.round, [&] { page(deep, 100); }); },
      [&] { return MedianRate(settings.round, [&] { page("", 100); }); });
}

}  // namespace tributary::bench
