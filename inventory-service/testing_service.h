#pragma once

// For tests: inventory-service served whole, on a database of its own, beside a partner-service that knows partners by
// name.

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/approvals/approval_asker.h"
#include "common/auth/tokens.h"
#include "common/events/consumer.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "inventory-service/ledger/position_watch.h"
#include "inventory-service/orders/order_watch.h"
#include "inventory-service/reservations/reservation_expiry.h"
#include "inventory-service/service.h"
#include "inventory-service/stock_findings/stock_watch.h"
#include "prometheus/registry.h"
#include "tributary/inventory/v1/shipment.pb.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::inventory {

inline constexpr absl::Duration kPatience = absl::Seconds(60);

// Whether it holds before patience ends.
bool Eventually(const std::function<bool()>& holds);

// Tokens that all processes of a test trust.
class TestKeys {
 public:
  TestKeys();
  std::string Token(api::v1::Role role, const std::string& partner = {}) const;
  const auth::TokenVerifier& verifier() const { return *verifier_; }

 private:
  std::unique_ptr<auth::TokenSigner> signer_;
  std::unique_ptr<auth::TokenVerifier> verifier_;
};

// The side of partner-service that inventory-service sees: its feed, and GetPartner.
class TestPartners {
 public:
  // `database` has the schemas of PartnerSchemas.
  TestPartners(const TestKeys& keys, std::unique_ptr<mysql::Database> database);
  ~TestPartners();

  // Answered by GetPartner from now on.
  void Know(const std::string& id) { known_.insert(id); }
  // Also told on the feed.
  void Tell(const std::string& id);
  // A line without end, in force from `from` on, told on the feed.
  void TellCreditLine(const std::string& partner, const Money& limit, Date from, bool on_hold = false);
  // In force from `from` on without end, told on the feed; `id` again changes it.
  void TellGrant(const std::string& partner, const std::string& id, const std::vector<std::string>& regions, Date from,
                 const std::vector<std::string>& product_lines = {}, bool active = true);
  // In `parent`, or a root where that is empty.
  void TellRegion(const std::string& id, const std::string& parent = {});
  // The partner is at home in the region.
  void TellHome(const std::string& partner, const std::string& region, const std::string& channel = {});
  // A customer of these names; erased, one that had them.
  void TellCustomer(const std::string& id, const std::vector<std::string>& names, bool erased = false);
  // A level of a program, partnerPrograms/{partner_program}/levels/{level}, that it has from `from` on until before
  // `to` (without an end where that is unset), by the assignment `id`, told on the feed; `id` again changes it.
  void TellTier(const std::string& partner, const std::string& id, const std::string& tier, Date from,
                std::optional<Date> to = {});
  void StopServing();
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  int asked() const { return asked_; }

  absl::Status Get(const rpc::Call&, rpc::Unit&, const partner::v1::GetPartnerRequest& request,
                   partner::v1::Partner* reply);

 private:
  void Publish(const std::string& partner, const std::string& verb, const std::string& name,
               const google::protobuf::Message& payload);
  template <typename Request, typename Reply>
  absl::Status Refuse(const rpc::Call&, rpc::Unit&, const Request&, Reply*) {
    return absl::UnimplementedError("only GetPartner is served here");
  }

  SystemClock clock_;
  prometheus::Registry registry_;
  std::unique_ptr<mysql::Database> database_;
  std::unique_ptr<events::Feed> feed_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<events::FeedService, void (*)(events::FeedService*)> feed_service_;
  std::set<std::string> known_;  // set up before calls come
  std::atomic<int> asked_ = 0;
  int port_ = 0;
};

// One process of inventory-service on `database`.
class TestInventory {
 public:
  // `partner_token`: what partner-service trusts; unset: the keys' own.
  TestInventory(const TestKeys& keys, mysql::Database& database, const std::string& partner_address,
                std::function<std::string()> partner_token = {});
  ~TestInventory();

  // Follows incentive-service's feed from now on.
  void FollowWallets(const std::string& incentive_address);

  rpc::Client& client() { return *client_; }
  events::Feed& feed() { return *feed_; }
  rpc::Server& server() { return *server_; }
  StockWatch& stock_watch() { return *stock_watch_; }
  ReservationExpiry& reservation_expiry() { return *reservation_expiry_; }
  OrderWatch& order_watch() { return *order_watch_; }
  std::string address() const;

 private:
  const TestKeys& keys_;
  mysql::Database& database_;
  SystemClock clock_;
  prometheus::Registry registry_;
  PageTokens page_tokens_{std::string(32, 'k')};
  rpc::Client partner_service_;
  std::unique_ptr<rpc::Client> incentive_service_;
  InventoryService service_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<events::Feed> feed_;
  std::unique_ptr<events::FeedService, void (*)(events::FeedService*)> feed_service_;
  PositionWatch position_watch_;
  std::unique_ptr<events::Consumer> consumer_;
  std::unique_ptr<events::Consumer> wallets_;
  std::unique_ptr<approvals::ApprovalAsker> approval_asker_;
  std::unique_ptr<StockWatch> stock_watch_;
  std::unique_ptr<ReservationExpiry> reservation_expiry_;
  std::unique_ptr<OrderWatch> order_watch_;
  std::unique_ptr<rpc::Client> client_;
};

// All schemas that inventory-service applies, and those that TestPartners needs.
std::vector<const mysql::Schema*> InventorySchemas();
std::vector<const mysql::Schema*> PartnerSchemas();

// Calls of a client, with a request id where the request has one, and the requests that tests need most.
class Inventory {
 public:
  explicit Inventory(rpc::Client& client) : client_(client) {}

  // `method` without the package: "ShipmentService/GetShipment".
  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Call(std::string_view method, const Request& request, const rpc::CallOptions& options = {}) {
    return client_.Call<Reply>("tributary.inventory.v1." + std::string(method), WithRequestId(request), options);
  }
  template <typename Request>
  static Request WithRequestId(Request request) {
    if constexpr (requires { request.set_request_id(""); }) {
      if (request.request_id().empty()) request.set_request_id(Uuid::New(absl::Now()).ToString());
    }
    return request;
  }

  absl::StatusOr<std::string> NewImport(const std::string& target);
  absl::StatusOr<api::v1::Import> GetImport(const std::string& name);
  // Until it is UNDONE.
  absl::StatusOr<api::v1::Import> UndoImport(const std::string& name);
  // Products `ids` of product line "bikes", STOCKED, and product "fitting", SERVICE, without a line.
  absl::Status MakeProducts(const std::vector<std::string>& ids);
  absl::StatusOr<api::v1::BatchImportResponse> Ship(const std::string& import_name,
                                                    const std::vector<v1::ShipmentLine>& lines, int first_row = 2);
  absl::StatusOr<v1::SellInTotals> Totals(const std::string& parent = "partners/-");
  absl::StatusOr<v1::LedgerBalance> Check();
  // "acme/main.bike=3" for every position, by name.
  std::vector<std::string> Positions(int page_size = 7);

 private:
  rpc::Client& client_;
};

// A line to partners/`partner`, of USD; net is quantity x price.
v1::ShipmentLine NewLine(const std::string& partner, const std::string& document, int line, const std::string& product,
                         int quantity);

}  // namespace tributary::inventory
