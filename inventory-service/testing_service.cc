#include "inventory-service/testing_service.h"

#include <cstdio>
#include <cstdlib>

#include "common/digest/sha256.h"
#include "common/matching/customer_name.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "events_schema.h"
#include "imports_schema.h"
#include "inventory-service/stock_findings/partner_feed.h"
#include "inventory-service/wallet_holds/wallet_feed.h"
#include "inventory_schema.h"
#include "rpc_schema.h"
#include "spdlog/spdlog.h"
#include "tributary/partner/v1/credit_line.pb.h"
#include "tributary/partner/v1/customer.pb.h"
#include "tributary/partner/v1/region.pb.h"
#include "tributary/partner/v1/territory_grant.pb.h"
#include "tributary/partner/v1/tier_assignment.pb.h"

namespace tributary::inventory {
namespace {

// Nothing can be tested where this fails.
void Must(const absl::Status& status) {
  if (status.ok()) return;
  std::fprintf(stderr, "test service: %s\n", status.ToString().c_str());
  std::abort();
}

}  // namespace

bool Eventually(const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + kPatience;
  while (!holds()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

TestKeys::TestKeys() {
  spdlog::set_level(spdlog::level::err);  // a line for every call drowns what a test says
  const auth::TokenSigner::KeyPair keys = *auth::TokenSigner::NewKeyPair("test");
  signer_ = *auth::TokenSigner::FromJwk(keys.private_jwk);
  verifier_ = *auth::TokenVerifier::FromJwks(keys.public_jwks);
}

std::string TestKeys::Token(api::v1::Role role, const std::string& partner) const {
  return *signer_->Sign(
      {.subject = partner.empty() ? "tests" : StrCat("user-of-", partner), .roles = {role}, .partner = partner},
      absl::Now(), absl::Hours(1));
}

TestPartners::TestPartners(const TestKeys& keys, std::unique_ptr<mysql::Database> database)
    : database_(std::move(database)),
      feed_(std::make_unique<events::Feed>(*database_, std::vector<events::RowSource>{}, nullptr)),
      server_(std::make_unique<rpc::Server>(
          rpc::Frame{
              .clock = &clock_, .database = database_.get(), .verifier = &keys.verifier(), .registry = &registry_},
          rpc::ServerOptions{.address = "127.0.0.1:0"})),
      feed_service_(events::ServeFeed(*server_, *database_, feed_.get())) {
  namespace pb = partner::v1;
  server_->Add("tributary.partner.v1.PartnerService", this)
      .Unary("GetPartner", &TestPartners::Get)
      .Unary("ListPartners", &TestPartners::Refuse<pb::ListPartnersRequest, pb::ListPartnersResponse>)
      .Unary("CreatePartner", &TestPartners::Refuse<pb::CreatePartnerRequest, pb::Partner>)
      .Unary("UpdatePartner", &TestPartners::Refuse<pb::UpdatePartnerRequest, pb::Partner>)
      .Unary("ActivatePartner", &TestPartners::Refuse<pb::ActivatePartnerRequest, pb::Partner>)
      .Unary("SuspendPartner", &TestPartners::Refuse<pb::SuspendPartnerRequest, pb::Partner>)
      .Unary("ReinstatePartner", &TestPartners::Refuse<pb::ReinstatePartnerRequest, pb::Partner>)
      .Unary("TerminatePartner", &TestPartners::Refuse<pb::TerminatePartnerRequest, pb::Partner>)
      .Unary("MergePartner", &TestPartners::Refuse<pb::MergePartnerRequest, pb::Partner>)
      .Unary("UndoMergePartner", &TestPartners::Refuse<pb::UndoMergePartnerRequest, pb::Partner>);
  Must(feed_->Start());
  Must(server_->Start());
  port_ = server_->port();
}

TestPartners::~TestPartners() { StopServing(); }

void TestPartners::StopServing() {
  if (server_ == nullptr) return;
  feed_->Stop();
  server_->Drain();
  server_.reset();
}

void TestPartners::Publish(const std::string& partner, const std::string& verb, const std::string& name,
                           const google::protobuf::Message& payload) {
  Must(database_->Transact({}, [&](mysql::Transaction& sql) {
    events::Outbox outbox;
    outbox.Add(events::Draft(partner, verb, name, payload));
    return outbox.Write(sql);
  }));
  feed_->Poke();
}

void TestPartners::Tell(const std::string& id) {
  Know(id);
  partner::v1::Partner partner;
  partner.set_name(StrCat("partners/", id));
  partner.set_state(partner::v1::Partner::ACTIVE);
  Publish(id, "created", partner.name(), partner);
}

void TestPartners::TellCreditLine(const std::string& partner, const Money& limit, Date from, bool on_hold) {
  partner::v1::CreditLine line;
  line.set_name(StrCat("partners/", partner, "/creditLines/main"));
  *line.mutable_limit() = wire::ToProto(limit);
  line.set_payment_terms_days(30);
  *line.mutable_valid_from() = wire::ToProto(from);
  line.set_on_hold(on_hold);
  Publish(partner, "created", line.name(), line);
}

void TestPartners::TellGrant(const std::string& partner, const std::string& id, const std::vector<std::string>& regions,
                             Date from, const std::vector<std::string>& product_lines, bool active) {
  partner::v1::TerritoryGrant grant;
  grant.set_name(StrCat("partners/", partner, "/territoryGrants/", id));
  grant.set_state(active ? partner::v1::TerritoryGrant::ACTIVE : partner::v1::TerritoryGrant::REVOKED);
  for (const std::string& region : regions) grant.add_regions(StrCat("regions/", region));
  for (const std::string& line : product_lines) grant.add_product_lines(StrCat("productLines/", line));
  grant.set_exclusivity(partner::v1::TerritoryGrant::NON_EXCLUSIVE);
  *grant.mutable_effective_from() = wire::ToProto(from);
  Publish(partner, active ? "created" : "revoked", grant.name(), grant);
}

void TestPartners::TellRegion(const std::string& id, const std::string& parent) {
  partner::v1::Region region;
  region.set_name(StrCat("regions/", id));
  region.set_state(partner::v1::Region::ACTIVE);
  if (!parent.empty()) region.set_parent_region(StrCat("regions/", parent));
  Publish(region.name(), "created", region.name(), region);
}

void TestPartners::TellHome(const std::string& id, const std::string& region, const std::string& channel) {
  partner::v1::Partner partner;
  partner.set_name(StrCat("partners/", id));
  partner.set_state(partner::v1::Partner::ACTIVE);
  partner.set_home_region(StrCat("regions/", region));
  if (!channel.empty()) partner.set_channel(StrCat("channels/", channel));
  Publish(id, "updated", partner.name(), partner);
}

void TestPartners::TellCustomer(const std::string& id, const std::vector<std::string>& names, bool erased) {
  partner::v1::Customer customer;
  customer.set_name(StrCat("customers/", id));
  customer.set_state(erased ? partner::v1::Customer::ERASED : partner::v1::Customer::ACTIVE);
  for (const std::string& name : names) customer.add_name_digests(Sha256Hex(matching::KeyOf(name).key));
  Publish(customer.name(), erased ? "erased" : "created", customer.name(), customer);
}

void TestPartners::TellTier(const std::string& partner, const std::string& id, const std::string& tier, Date from,
                            std::optional<Date> to) {
  const size_t level = tier.find("/levels/");
  partner::v1::TierAssignment assignment;
  assignment.set_name(StrCat("partners/", partner, "/tierAssignments/", id));
  assignment.set_program(tier.substr(0, level));
  if (level != std::string::npos) assignment.set_level(tier.substr(level + 8));
  *assignment.mutable_valid_from() = wire::ToProto(from);
  if (to.has_value()) *assignment.mutable_valid_to() = wire::ToProto(*to);
  Publish(partner, "created", assignment.name(), assignment);
}

absl::Status TestPartners::Get(const rpc::Call&, rpc::Unit&, const partner::v1::GetPartnerRequest& request,
                               partner::v1::Partner* reply) {
  ++asked_;
  if (!known_.contains(request.name().substr(request.name().find('/') + 1))) return NotFound(request.name());
  reply->set_name(request.name());
  return absl::OkStatus();
}

std::vector<const mysql::Schema*> InventorySchemas() {
  return {&schema::events(), &schema::rpc(), &schema::imports(), &schema::inventory()};
}

std::vector<const mysql::Schema*> PartnerSchemas() { return {&schema::events(), &schema::rpc()}; }

TestInventory::TestInventory(const TestKeys& keys, mysql::Database& database, const std::string& partner_address,
                             std::function<std::string()> partner_token)
    : keys_(keys),
      database_(database),
      partner_service_({.address = partner_address,
                        .token = partner_token ? std::move(partner_token) : std::function<std::string()>([&keys] {
                          return keys.Token(api::v1::SERVICE);
                        })}),
      service_(database, partner_service_, page_tokens_),
      server_(std::make_unique<rpc::Server>(
          rpc::Frame{.clock = &clock_,
                     .database = &database,
                     .verifier = &keys.verifier(),
                     .registry = &registry_,
                     .committed = [this] { feed_->Poke(); }},
          rpc::ServerOptions{.address = "127.0.0.1:0", .grace_period = absl::Seconds(5)})),
      feed_(std::make_unique<events::Feed>(database, service_.Sources(), &registry_)),
      feed_service_(events::ServeFeed(*server_, database, feed_.get())),
      position_watch_(database, *feed_, page_tokens_) {
  service_.Register(*server_);
  position_watch_.Register(*server_);
  Must(feed_->Start());
  Must(server_->Start());
  consumer_ = std::make_unique<events::Consumer>(
      database, partner_service_, clock_,
      events::ConsumerOptions{.feed = "partner",
                              .payload_types = PartnerFeedPayloads(),
                              .owner = "test",
                              .committed = [this] { feed_->Poke(); }},
      [this](mysql::Transaction& sql, absl::Span<const events::Event> events, events::Outbox& outbox) {
        return ApplyPartnerFeed(sql, events, clock_.Now(), service_.counts(), outbox);
      },
      &registry_);
  consumer_->Start();
  approval_asker_ = std::make_unique<approvals::ApprovalAsker>(database, partner_service_, clock_);
  approval_asker_->Start();
  stock_watch_ = std::make_unique<StockWatch>(database, *feed_, clock_, [this] { feed_->Poke(); });
  stock_watch_->Start();
  reservation_expiry_ = std::make_unique<ReservationExpiry>(database, clock_, [this] { feed_->Poke(); });
  reservation_expiry_->Start();
  order_watch_ = std::make_unique<OrderWatch>(database, *feed_, clock_, [this] { feed_->Poke(); });
  order_watch_->Start();
  client_ = std::make_unique<rpc::Client>(
      rpc::ClientOptions{.address = address(), .token = [&keys] { return keys.Token(api::v1::ADMINISTRATOR); }});
}

void TestInventory::FollowWallets(const std::string& incentive_address) {
  incentive_service_ = std::make_unique<rpc::Client>(
      rpc::ClientOptions{.address = incentive_address, .token = [this] { return keys_.Token(api::v1::SERVICE); }});
  wallets_ = std::make_unique<events::Consumer>(
      database_, *incentive_service_, clock_,
      events::ConsumerOptions{.feed = "incentive",
                              .payload_types = WalletPayloads(),
                              .owner = "test",
                              .committed = [this] { feed_->Poke(); }},
      [this](mysql::Transaction& sql, absl::Span<const events::Event> events, events::Outbox& outbox) {
        return ApplyWalletFeed(sql, events, clock_.Now(), outbox);
      },
      &registry_);
  wallets_->Start();
}

TestInventory::~TestInventory() {
  wallets_.reset();
  approval_asker_->Stop();
  reservation_expiry_->Stop();
  order_watch_->Stop();
  stock_watch_->Stop();
  consumer_->Stop();
  feed_->Stop();
  server_->Drain();
}

std::string TestInventory::address() const { return StrCat("127.0.0.1:", server_->port()); }

absl::StatusOr<std::string> Inventory::NewImport(const std::string& target) {
  api::v1::CreateImportRequest request;
  request.mutable_import()->set_target(target);
  request.mutable_import()->set_mapping(StrCat("tests/", target));
  request.mutable_import()->set_source_sha256(std::string(64, '0'));
  ASSIGN_OR_RETURN(const api::v1::Import import, Call<api::v1::Import>("ImportService/CreateImport", request));
  return import.name();
}

absl::StatusOr<api::v1::Import> Inventory::GetImport(const std::string& name) {
  api::v1::GetImportRequest request;
  request.set_name(name);
  return Call<api::v1::Import>("ImportService/GetImport", request);
}

absl::StatusOr<api::v1::Import> Inventory::UndoImport(const std::string& name) {
  while (true) {
    api::v1::UndoImportRequest request;
    request.set_name(name);
    ASSIGN_OR_RETURN(api::v1::Import import, Call<api::v1::Import>("ImportService/UndoImport", request));
    if (import.state() == api::v1::Import::UNDONE) return import;
  }
}

absl::Status Inventory::MakeProducts(const std::vector<std::string>& ids) {
  v1::BatchImportProductLinesRequest lines;
  ASSIGN_OR_RETURN(*lines.mutable_import(), NewImport("productLines"));
  v1::ProductLineRow& line = *lines.add_rows();
  line.set_row(2);
  line.mutable_product_line()->set_name("productLines/bikes");
  line.mutable_product_line()->set_display_name("Bikes");
  RETURN_IF_ERROR(Call<api::v1::BatchImportResponse>("ProductService/BatchImportProductLines", lines));
  v1::BatchImportProductsRequest products;
  ASSIGN_OR_RETURN(*products.mutable_import(), NewImport("products"));
  const auto add = [&](const std::string& id, v1::Product::Kind kind, const std::string& product_line) {
    v1::ProductRow& row = *products.add_rows();
    row.set_row(products.rows_size() + 1);
    row.mutable_product()->set_name(StrCat("products/", id));
    row.mutable_product()->set_sku(StrCat("SKU-", id));
    row.mutable_product()->set_display_name(StrCat("The ", id));
    row.mutable_product()->set_kind(kind);
    row.mutable_product()->set_product_line(product_line);
    row.mutable_product()->set_base_unit("each");
  };
  for (const std::string& id : ids) add(id, v1::Product::STOCKED, "productLines/bikes");
  add("fitting", v1::Product::SERVICE, "");
  ASSIGN_OR_RETURN(const api::v1::BatchImportResponse reply,
                   Call<api::v1::BatchImportResponse>("ProductService/BatchImportProducts", products));
  return reply.errors().empty() ? absl::OkStatus() : absl::InternalError(reply.ShortDebugString());
}

absl::StatusOr<api::v1::BatchImportResponse> Inventory::Ship(const std::string& import_name,
                                                             const std::vector<v1::ShipmentLine>& lines,
                                                             int first_row) {
  v1::BatchImportShipmentsRequest request;
  request.set_import(import_name);
  for (const v1::ShipmentLine& line : lines) {
    v1::ShipmentLineRow& row = *request.add_rows();
    row.set_row(first_row++);
    *row.mutable_line() = line;
  }
  return Call<api::v1::BatchImportResponse>("ShipmentService/BatchImportShipments", request);
}

absl::StatusOr<v1::SellInTotals> Inventory::Totals(const std::string& parent) {
  v1::GetSellInTotalsRequest request;
  request.set_parent(parent);
  return Call<v1::SellInTotals>("ShipmentService/GetSellInTotals", request);
}

absl::StatusOr<v1::LedgerBalance> Inventory::Check() {
  return Call<v1::LedgerBalance>("LedgerService/CheckLedger", v1::CheckLedgerRequest());
}

std::vector<std::string> Inventory::Positions(int page_size) {
  std::vector<std::string> positions;
  v1::ListPositionsRequest request;
  request.set_parent("partners/-");
  request.set_page_size(page_size);
  do {
    const auto page = Call<v1::ListPositionsResponse>("LedgerService/ListPositions", request);
    Must(page.status());
    for (const v1::Position& position : page->positions()) {
      positions.push_back(StrCat(position.name(), "=", position.on_hand().value()));
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return positions;
}

v1::ShipmentLine NewLine(const std::string& partner, const std::string& document, int line, const std::string& product,
                         int quantity) {
  v1::ShipmentLine out;
  out.set_partner(StrCat("partners/", partner));
  out.set_document(document);
  out.set_line(line);
  *out.mutable_order_date() = wire::ToProto(Date::FromYmd(2013, 11, 20).value());
  *out.mutable_ship_date() = wire::ToProto(Date::FromYmd(2013, 11, 27).value());
  out.set_product(StrCat("products/", product));
  const Decimal price = Decimal::Parse("12.3456").value();
  Decimal net;
  for (int i = 0; i < std::abs(quantity); ++i) net += price;
  *out.mutable_quantity() = wire::ToProto(Decimal::FromInt(quantity));
  *out.mutable_unit_price() = wire::ToProto(Money{"USD", price});
  *out.mutable_net_amount() = wire::ToProto(Money{"USD", quantity < 0 ? -net : net});
  return out;
}

}  // namespace tributary::inventory
