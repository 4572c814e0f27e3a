#include "common/rpc/testing_server.h"

#include <cstdlib>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "common/ids/uuid.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "events_schema.h"
#include "grpcpp/client_context.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/impl/codegen/client_unary_call.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/byte_buffer.h"
#include "prometheus/text_serializer.h"
#include "rpc_schema.h"
#include "tests/support/database_server.h"

namespace tributary::rpc::testing {
namespace {

using partner::v1::Partner;

void Must(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "testing server: %s\n", status.ToString().c_str());
  std::abort();
}

std::string IdOf(const std::string& name) { return name.substr(name.find('/') + 1); }

}  // namespace

absl::Status Handlers::Get(const Call&, Unit& unit, const partner::v1::GetPartnerRequest& request, Partner* reply) {
  ASSIGN_OR_RETURN(const mysql::Rows rows,
                   unit.sql().Query("SELECT uid, text FROM thing WHERE id = ?", {IdOf(request.name())}));
  if (rows.empty()) return NotFound(request.name());
  reply->set_name(request.name());
  reply->set_uid(rows[0].Id(0).ToString());
  for (size_t at = 0; at < rows[0].Bytes(1).size(); at += 200) reply->add_trade_names(rows[0].Text(1).substr(at, 200));
  return absl::OkStatus();
}

absl::Status Handlers::Create(const Call& call, Unit& unit, const partner::v1::CreatePartnerRequest& request,
                              Partner* reply) {
  *reply = request.partner();
  reply->set_name(StrCat("partners/", request.partner_id()));
  const Uuid uid = Uuid::New(call.now);  // another one with every run
  reply->set_uid(uid.ToString());
  std::string text;
  for (const std::string& name : request.partner().trade_names()) text += name;
  RETURN_IF_ERROR(
      unit.sql().Execute("INSERT INTO thing (id, uid, text) VALUES (?, ?, ?)", {request.partner_id(), uid, text}));
  unit.Emit(events::Draft(request.partner_id(), "created", reply->name(), *reply));
  return absl::OkStatus();
}

absl::Status MakeTables(mysql::Database& database) {
  RETURN_IF_ERROR(database.ApplySchema(schema::events()));
  RETURN_IF_ERROR(database.ApplySchema(schema::rpc()));
  return database.Transact({}, [](mysql::Transaction& sql) {
    return sql
        .Execute(
            "CREATE TABLE IF NOT EXISTS thing (id VARBINARY(64) PRIMARY KEY, uid BINARY(16) NOT NULL, "
            "text MEDIUMBLOB NOT NULL) ENGINE=InnoDB")
        .status();
  });
}

std::unique_ptr<mysql::Database> NewDatabase() {
  auto database = tributary::testing::FreshDatabase();
  Must(MakeTables(*database));
  return database;
}

// All methods of three services; the ones that no test replaces do nothing.
class TestingServer::Services {
 public:
  explicit Services(Handlers handlers) : handlers_(std::move(handlers)) {}

  void Register(Server& server) {
    using S = Services;
    auto partners = server.Add("tributary.partner.v1.PartnerService", this);
    if (handlers_.create_partners) {
      partners.Group("CreatePartner", &S::CreatePartners);
    } else {
      partners.Unary("CreatePartner", &S::CreatePartner);
    }
    partners.Unary("GetPartner", &S::GetPartner)
        .Unary("ListPartners", &S::Nothing<partner::v1::ListPartnersRequest, partner::v1::ListPartnersResponse>)
        .Unary("UpdatePartner", &S::Nothing<partner::v1::UpdatePartnerRequest, Partner>)
        .Unary("ActivatePartner", &S::ActivatePartner, Lane::kRemote)
        .Unary("SuspendPartner", &S::Nothing<partner::v1::SuspendPartnerRequest, Partner>)
        .Unary("ReinstatePartner", &S::Nothing<partner::v1::ReinstatePartnerRequest, Partner>)
        .Unary("TerminatePartner", &S::Nothing<partner::v1::TerminatePartnerRequest, Partner>)
        .Unary("MergePartner", &S::Nothing<partner::v1::MergePartnerRequest, Partner>)
        .Unary("UndoMergePartner", &S::Nothing<partner::v1::UndoMergePartnerRequest, Partner>);
    server.Add("tributary.partner.v1.RegionService", this)
        .Inline("GetRegion", &S::RegionFromMemory, &S::GetRegion)
        .Unary("ListRegions", &S::Nothing<partner::v1::ListRegionsRequest, partner::v1::ListRegionsResponse>)
        .Unary("BatchImportRegions", &S::Nothing<partner::v1::BatchImportRegionsRequest, api::v1::BatchImportResponse>);
    server.Add("tributary.events.v1.FeedService", this)
        .Unary("GetFeedHead", &S::Nothing<events::v1::GetFeedHeadRequest, events::v1::FeedHead>)
        .Stream("StreamEvents", &S::StreamEvents, static_cast<const events::v1::StreamEventsResponse*>(nullptr))
        .Unary("ListConsumerPositions",
               &S::Nothing<events::v1::ListConsumerPositionsRequest, events::v1::ListConsumerPositionsResponse>)
        .Unary("ListParkedEvents",
               &S::Nothing<events::v1::ListParkedEventsRequest, events::v1::ListParkedEventsResponse>);
    server.Add("tributary.inventory.v1.ShipmentService", this)
        .Unary("GetShipment", &S::Nothing<inventory::v1::GetShipmentRequest, inventory::v1::Shipment>)
        .Unary("ListShipments", &S::Nothing<inventory::v1::ListShipmentsRequest, inventory::v1::ListShipmentsResponse>)
        .Unary("CreateShipment", &S::Nothing<inventory::v1::CreateShipmentRequest, inventory::v1::Shipment>)
        .Unary("BatchImportShipments",
               &S::Nothing<inventory::v1::BatchImportShipmentsRequest, api::v1::BatchImportResponse>)
        .ClientStream("StreamPostShipments", &S::StreamPost,
                      static_cast<const inventory::v1::StreamPostShipmentsRequest*>(nullptr))
        .Unary("GetSellInTotals", &S::Nothing<inventory::v1::GetSellInTotalsRequest, inventory::v1::SellInTotals>);
  }

 private:
  template <typename Request, typename Reply>
  absl::Status Nothing(const Call&, Unit&, const Request&, Reply*) {
    return absl::OkStatus();
  }
  absl::Status GetPartner(const Call& call, Unit& unit, const partner::v1::GetPartnerRequest& request, Partner* reply) {
    return handlers_.get_partner(call, unit, request, reply);
  }
  absl::Status CreatePartner(const Call& call, Unit& unit, const partner::v1::CreatePartnerRequest& request,
                             Partner* reply) {
    return handlers_.create_partner(call, unit, request, reply);
  }
  absl::Status CreatePartners(Unit& unit, absl::Span<Grouped<partner::v1::CreatePartnerRequest, Partner>> calls) {
    return handlers_.create_partners(unit, calls);
  }
  absl::Status ActivatePartner(const Call& call, Unit& unit, const partner::v1::ActivatePartnerRequest& request,
                               Partner* reply) {
    return handlers_.activate_partner ? handlers_.activate_partner(call, unit, request, reply) : absl::OkStatus();
  }
  bool RegionFromMemory(const Call& call, const partner::v1::GetRegionRequest& request, partner::v1::Region* reply) {
    return handlers_.region_from_memory && handlers_.region_from_memory(call, request, reply);
  }
  absl::Status GetRegion(const Call& call, Unit& unit, const partner::v1::GetRegionRequest& request,
                         partner::v1::Region* reply) {
    return handlers_.get_region ? handlers_.get_region(call, unit, request, reply) : absl::OkStatus();
  }
  absl::Status StreamEvents(const Call& call, const events::v1::StreamEventsRequest& request, StreamWriter& writer) {
    return handlers_.stream_events ? handlers_.stream_events(call, request, writer) : absl::OkStatus();
  }
  absl::Status StreamPost(const Call& call, IncomingStream& stream, api::v1::StreamPostResponse* reply) {
    return handlers_.stream_post ? handlers_.stream_post(call, stream, reply) : absl::OkStatus();
  }

  const Handlers handlers_;
};

TestingServer::TestingServer() : TestingServer(Setup{}) {}

TestingServer::TestingServer(Setup setup, bool start)
    : clock_(absl::Now()),
      own_database_(setup.database == nullptr ? NewDatabase() : nullptr),
      database_(setup.database == nullptr ? own_database_.get() : setup.database),
      services_(std::make_unique<Services>(std::move(setup.handlers))) {
  const auto keys = auth::TokenSigner::NewKeyPair("test");
  Must(keys.status());
  signer_ = *auth::TokenSigner::FromJwk(keys->private_jwk);
  verifier_ = *auth::TokenVerifier::FromJwks(keys->public_jwks);
  if (setup.options.address.empty()) setup.options.address = "127.0.0.1:0";
  server_ = std::make_unique<Server>(Frame{.clock = &clock_,
                                           .database = database_,
                                           .verifier = verifier_.get(),
                                           .registry = &registry_,
                                           .committed = std::move(setup.committed)},
                                     std::move(setup.options));
  services_->Register(*server_);
  if (!start) return;
  Must(server_->Start());
  channel_ = grpc::CreateChannel(address(), grpc::InsecureChannelCredentials());
}

TestingServer::~TestingServer() = default;

std::string TestingServer::address() const { return StrCat("127.0.0.1:", server_->port()); }

std::string TestingServer::Token(const auth::Identity& identity, absl::Duration lifetime) const {
  return *signer_->Sign(identity, clock_.Now(), lifetime);
}

std::string TestingServer::Token() const {
  return Token({.subject = "manager", .roles = {api::v1::CHANNEL_MANAGER, api::v1::SERVICE}});
}

std::string TestingServer::PartnerToken(const std::string& partner) const {
  return Token({.subject = "user", .roles = {api::v1::PARTNER_USER}, .partner = partner});
}

std::unique_ptr<Client> TestingServer::NewClient(bool retries) const {
  return std::make_unique<Client>(
      ClientOptions{.address = address(), .token = [token = Token()] { return token; }, .retries = retries});
}

TestingServer::RawAnswer TestingServer::Raw(const std::string& method, const std::string& bytes,
                                            const std::vector<std::pair<std::string, std::string>>& metadata,
                                            absl::Duration timeout) const {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  for (const auto& [key, value] : metadata) context.AddMetadata(key, value);
  const grpc::Slice slice(bytes);
  const grpc::ByteBuffer request(&slice, 1);
  grpc::ByteBuffer reply;
  const std::string path = StrCat("/", method);
  RawAnswer answer;
  answer.status = grpc::internal::BlockingUnaryCall<grpc::ByteBuffer, grpc::ByteBuffer>(
      channel_.get(), grpc::internal::RpcMethod(path.c_str(), grpc::internal::RpcMethod::NORMAL_RPC), &context, request,
      &reply);
  grpc::Slice whole;
  if (answer.status.ok() && reply.DumpToSingleSlice(&whole).ok()) {
    answer.reply.assign(reinterpret_cast<const char*>(whole.begin()), whole.size());
  }
  return answer;
}

std::string TestingServer::Health(const std::string& service) const {
  // HealthCheckRequest {string service = 1}, HealthCheckResponse {ServingStatus status = 1}.
  std::string request;
  if (!service.empty()) request = StrCat("\x0a", std::string(1, static_cast<char>(service.size())), service);
  const RawAnswer answer = Raw("grpc.health.v1.Health/Check", request, {});
  if (!answer.status.ok()) return StrCat(answer.status.error_code(), ": ", answer.status.error_message());
  if (answer.reply == "\x08\x01") return "SERVING";
  return answer.reply == "\x08\x02" ? "NOT_SERVING" : "unknown";
}

std::string TestingServer::Metrics() const { return prometheus::TextSerializer().Serialize(registry_.Collect()); }

double TestingServer::Metric(const std::string& name_and_labels) const {
  const std::string text = StrCat("\n", Metrics());
  const size_t at = text.find(StrCat("\n", name_and_labels, " "));
  double value = -1;
  if (at == std::string::npos) return value;
  const size_t from = at + name_and_labels.size() + 2;
  (void)absl::SimpleAtod(text.substr(from, text.find('\n', from) - from), &value);
  return value;
}

double TestingServer::Handled(const std::string& method, const std::string& code) const {
  return Metric(StrCat("grpc_server_handled_total{grpc_code=\"", code, "\",grpc_method=\"", method,
                       "\",grpc_service=\"tributary.partner.v1.PartnerService\",grpc_type=\"unary\"}"));
}

int64_t TestingServer::Number(const std::string& sql, const mysql::Values& args) {
  int64_t number = -1;
  Must(database_->Transact({}, [&](mysql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows, transaction.Query(sql, args));
    number = rows.at(0).Int(0);
    return absl::OkStatus();
  }));
  return number;
}

std::string NewRequestId() { return Uuid::New(absl::Now()).ToString(); }

partner::v1::CreatePartnerRequest CreateRequest(const std::string& id) {
  partner::v1::CreatePartnerRequest request;
  request.set_partner_id(id);
  request.set_request_id(NewRequestId());
  request.mutable_partner()->set_legal_name("A company");
  request.mutable_partner()->set_kind(Partner::DEALER);
  request.mutable_partner()->set_currency("USD");
  return request;
}

bool Eventually(const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + absl::Minutes(1);
  while (!holds()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(1));
  }
  return true;
}

}  // namespace tributary::rpc::testing
