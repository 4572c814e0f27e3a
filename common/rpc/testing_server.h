#pragma once

// For tests of the frame: a real server on a real database, whose handlers a test may replace.

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/auth/tokens.h"
#include "common/mysql/database.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/time/clock.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"
#include "prometheus/registry.h"
#include "tributary/api/v1/stream_post.pb.h"
#include "tributary/events/v1/feed.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"

namespace tributary::rpc::testing {

inline constexpr char kGetPartner[] = "tributary.partner.v1.PartnerService/GetPartner";
inline constexpr char kListPartners[] = "tributary.partner.v1.PartnerService/ListPartners";
inline constexpr char kCreatePartner[] = "tributary.partner.v1.PartnerService/CreatePartner";
inline constexpr char kActivatePartner[] = "tributary.partner.v1.PartnerService/ActivatePartner";
inline constexpr char kGetRegion[] = "tributary.partner.v1.RegionService/GetRegion";
inline constexpr char kStreamEvents[] = "tributary.events.v1.FeedService/StreamEvents";
inline constexpr char kStreamPost[] = "tributary.inventory.v1.ShipmentService/StreamPostShipments";

// What the server's methods do; those not named here answer OK with an empty reply.
struct Handlers {
  // Read and insert a row of the table `thing`, and tell the feed.
  static absl::Status Get(const Call&, Unit&, const partner::v1::GetPartnerRequest&, partner::v1::Partner*);
  static absl::Status Create(const Call&, Unit&, const partner::v1::CreatePartnerRequest&, partner::v1::Partner*);

  std::function<absl::Status(const Call&, Unit&, const partner::v1::GetPartnerRequest&, partner::v1::Partner*)>
      get_partner = Get;
  std::function<absl::Status(const Call&, Unit&, const partner::v1::CreatePartnerRequest&, partner::v1::Partner*)>
      create_partner = Create;
  // In its place: CreatePartner as a grouped method.
  std::function<absl::Status(Unit&, absl::Span<Grouped<partner::v1::CreatePartnerRequest, partner::v1::Partner>>)>
      create_partners;
  std::function<absl::Status(const Call&, Unit&, const partner::v1::ActivatePartnerRequest&, partner::v1::Partner*)>
      activate_partner;  // in the lane kRemote
  std::function<bool(const Call&, const partner::v1::GetRegionRequest&, partner::v1::Region*)> region_from_memory;
  std::function<absl::Status(const Call&, Unit&, const partner::v1::GetRegionRequest&, partner::v1::Region*)>
      get_region;
  std::function<absl::Status(const Call&, const events::v1::StreamEventsRequest&, StreamWriter&)> stream_events;
  // Of StreamPostShipmentsRequest.
  std::function<absl::Status(const Call&, IncomingStream&, api::v1::StreamPostResponse*)> stream_post;
};

// A database with the frame's, the feed's and the handlers' tables. Each on a schema of its own.
std::unique_ptr<mysql::Database> NewDatabase();
// Makes them.
absl::Status MakeTables(mysql::Database& database);

// The services PartnerService, RegionService, FeedService and ShipmentService in one server.
class TestingServer {
 public:
  struct Setup {
    Handlers handlers;
    ServerOptions options;                // the address is chosen where it is empty
    mysql::Database* database = nullptr;  // unset: a new one of the shared server
    std::function<void()> committed;
  };
  TestingServer();  // all as by default, started
  explicit TestingServer(Setup setup, bool start = true);
  ~TestingServer();
  TestingServer(const TestingServer&) = delete;
  TestingServer& operator=(const TestingServer&) = delete;

  Server& server() { return *server_; }
  mysql::Database& database() { return *database_; }
  FakeClock& clock() { return clock_; }
  std::string address() const;

  std::string Token(const auth::Identity& identity, absl::Duration lifetime = absl::Hours(1)) const;
  std::string Token() const;  // a channel manager's, subject "manager"
  std::string PartnerToken(const std::string& partner) const;
  // With the manager's token.
  std::unique_ptr<Client> NewClient(bool retries = true) const;

  // A call of bytes with this metadata, past our client.
  struct RawAnswer {
    grpc::Status status;
    std::string reply;
  };
  RawAnswer Raw(const std::string& method, const std::string& bytes,
                const std::vector<std::pair<std::string, std::string>>& metadata,
                absl::Duration timeout = absl::Seconds(30)) const;
  // "SERVING", "NOT_SERVING", or what went wrong.
  std::string Health(const std::string& service = "") const;

  // The whole text of the metrics.
  std::string Metrics() const;
  // The value of one line of it, such as `tributary_rpc_shed_total`; -1 where there is none.
  double Metric(const std::string& name_and_labels) const;
  // grpc_server_handled_total of a unary method of PartnerService.
  double Handled(const std::string& method, const std::string& code) const;
  // A number by SQL.
  int64_t Number(const std::string& sql, const mysql::Values& args = {});

 private:
  class Services;

  FakeClock clock_;
  prometheus::Registry registry_;
  std::unique_ptr<auth::TokenSigner> signer_;
  std::unique_ptr<auth::TokenVerifier> verifier_;
  std::unique_ptr<mysql::Database> own_database_;
  mysql::Database* const database_;
  std::unique_ptr<Services> services_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

// A request for partners/{id} with a new request id.
partner::v1::CreatePartnerRequest CreateRequest(const std::string& id);
std::string NewRequestId();

// Waits up to a minute.
bool Eventually(const std::function<bool()>& holds);

}  // namespace tributary::rpc::testing
