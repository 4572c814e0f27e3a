// conflict-service as a whole: its RPCs over the network, fed by real feeds.

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/auth/tokens.h"
#include "common/events/consumer.h"
#include "common/events/feed.h"
#include "common/paging/page_token.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/status/status_matchers.h"
#include "common/wire/wire.h"
#include "conflict-service/service.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "prometheus/registry.h"
#include "rpc_schema.h"
#include "tests/support/database_server.h"
#include "tributary/conflict/v1/allowed_overlap.pb.h"
#include "tributary/conflict/v1/conflict_rule.pb.h"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/conflict/v1/finding.pb.h"
#include "tributary/events/v1/feed.pb.h"
#include "tributary/inventory/v1/direct_sale.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"
#include "tributary/partner/v1/territory_grant.pb.h"

namespace tributary::conflict {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr char kDeals[] = "tributary.conflict.v1.DealRegistrationService/";
constexpr char kFindings[] = "tributary.conflict.v1.FindingService/";
constexpr char kFeed[] = "tributary.events.v1.FeedService/";

// Waits for what an event will bring.
bool Eventually(const std::function<bool()>& holds) {
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (!holds()) {
    if (absl::Now() > deadline) return false;
    absl::SleepFor(absl::Milliseconds(2));
  }
  return true;
}

// Who is who, for all processes of a test.
class Keys {
 public:
  Keys() {
    const auto pair = *auth::TokenSigner::NewKeyPair("test");
    signer_ = *auth::TokenSigner::FromJwk(pair.private_jwk);
    verifier_ = *auth::TokenVerifier::FromJwks(pair.public_jwks);
  }
  const auth::TokenVerifier& verifier() const { return *verifier_; }
  std::string Token(api::v1::Role role, const std::string& partner = "") const {
    return *signer_->Sign({.subject = StrCat("user-", partner, role), .roles = {role}, .partner = partner}, absl::Now(),
                          absl::Hours(1));
  }

 private:
  std::unique_ptr<auth::TokenSigner> signer_;
  std::unique_ptr<auth::TokenVerifier> verifier_;
};

// Another service, as far as its feed goes.
class Source {
 public:
  explicit Source(const Keys& keys) : database_(testing::FreshDatabase({&schema::events(), &schema::rpc()})) {
    feed_ = std::make_unique<events::Feed>(*database_, std::vector<events::RowSource>{}, nullptr);
    EXPECT_THAT(feed_->Start(), IsOk());
    server_ = std::make_unique<rpc::Server>(
        rpc::Frame{.clock = &clock_, .database = database_.get(), .verifier = &keys.verifier(), .registry = &registry_},
        rpc::ServerOptions{.address = "127.0.0.1:0", .grace_period = absl::Seconds(5)});
    service_ = events::ServeFeed(*server_, *database_, feed_.get());
    EXPECT_THAT(server_->Start(), IsOk());
  }
  ~Source() {
    feed_->Stop();
    server_->Drain();
  }

  std::string address() const { return StrCat("127.0.0.1:", server_->port()); }
  void Tell(const std::string& key, const google::protobuf::Message& message, const std::string& name) {
    Tell(events::Draft(key, "told", name, message));
  }
  void Tell(events::EventDraft event) {
    EXPECT_THAT(database_->Transact({},
                                    [&](mysql::Transaction& sql) {
                                      events::Outbox outbox;
                                      outbox.Add(event);
                                      return outbox.Write(sql);
                                    }),
                IsOk());
    feed_->Poke();
  }
  int64_t Head() const { return Sum(*database_, "feed"); }
  static int64_t Sum(mysql::Database& database, const std::string& table, const std::string& where = "") {
    int64_t sum = 0;
    EXPECT_THAT(
        database.Transact({},
                          [&](mysql::Transaction& sql) -> absl::Status {
                            ASSIGN_OR_RETURN(
                                const mysql::Rows rows,
                                sql.Query(StrCat("SELECT CAST(COALESCE(SUM(seq), 0) AS SIGNED) FROM ", table, where)));
                            sum = rows.at(0).Int(0);
                            return absl::OkStatus();
                          }),
        IsOk());
    return sum;
  }

 private:
  SystemClock clock_;
  prometheus::Registry registry_;
  const std::unique_ptr<mysql::Database> database_;
  std::unique_ptr<events::Feed> feed_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<events::FeedService, void (*)(events::FeedService*)> service_{nullptr, [](events::FeedService*) {}};
};

// One process of conflict-service.
class Replica {
 public:
  Replica(const Keys& keys, mysql::Database& database, const Source& partner, const Source& inventory,
          std::string owner)
      : tokens_(std::string(32, 'k')),
        partner_({.address = partner.address(), .token = [&keys] { return keys.Token(api::v1::SERVICE); }}),
        inventory_({.address = inventory.address(), .token = [&keys] { return keys.Token(api::v1::SERVICE); }}),
        server_(rpc::Frame{.clock = &clock_,
                           .database = &database,
                           .verifier = &keys.verifier(),
                           .registry = &registry_,
                           .committed = [this] { service_.Committed(); }},
                rpc::ServerOptions{.address = "127.0.0.1:0", .grace_period = absl::Seconds(5)}),
        service_({.database = database,
                  .clock = clock_,
                  .page_tokens = tokens_,
                  .partner_service = partner_,
                  .inventory_service = inventory_,
                  .incentive_service = inventory_,
                  .server = server_,
                  .registry = &registry_,
                  .owner = std::move(owner)}) {
    EXPECT_THAT(server_.Start(), IsOk());
    EXPECT_THAT(service_.Start(), IsOk());
  }
  ~Replica() {
    service_.Stop();
    server_.Drain();
  }
  std::string address() const { return StrCat("127.0.0.1:", server_.port()); }

 private:
  SystemClock clock_;
  prometheus::Registry registry_;
  const PageTokens tokens_;
  rpc::Client partner_;
  rpc::Client inventory_;
  rpc::Server server_;
  Service service_;
};

class ConflictTest : public ::testing::Test {
 protected:
  ConflictTest() : client_({.address = replica_.address()}) {}

  // --- what other services tell ---
  void Region(const std::string& id, const std::string& parent) {
    partner::v1::Region region;
    region.set_name("regions/" + id);
    if (!parent.empty()) region.set_parent_region("regions/" + parent);
    region.set_state(partner::v1::Region::ACTIVE);
    partner_.Tell(region.name(), region, region.name());
  }
  void Partner(const std::string& id, partner::v1::Partner::State state) {
    partner::v1::Partner partner;
    partner.set_name("partners/" + id);
    partner.set_state(state);
    partner_.Tell(id, partner, partner.name());
  }
  partner::v1::TerritoryGrant Grant(
      const std::string& partner, const std::string& region,
      partner::v1::TerritoryGrant::State state = partner::v1::TerritoryGrant::ACTIVE,
      partner::v1::TerritoryGrant::Exclusivity exclusivity = partner::v1::TerritoryGrant::EXCLUSIVE) {
    partner::v1::TerritoryGrant grant;
    grant.set_name(StrCat("partners/", partner, "/territoryGrants/", region));
    grant.set_state(state);
    grant.set_exclusivity(exclusivity);
    grant.add_regions("regions/" + region);
    *grant.mutable_effective_from() = wire::ToProto(*Date::Parse("2026-01-01"));
    partner_.Tell(partner, grant, grant.name());
    return grant;
  }
  void Sale(const std::string& partner, const std::string& id, const std::string& region, const std::string& quantity,
            const std::string& reverses = "") {
    inventory::v1::SellThroughSale sale;
    sale.set_name(StrCat("partners/", partner, "/sales/", id));
    *sale.mutable_sale_date() = wire::ToProto(*Date::Parse("2026-03-01"));
    sale.mutable_quantity()->set_value(quantity);
    sale.set_region("regions/" + region);
    if (!reverses.empty()) sale.set_reverses(StrCat("partners/", partner, "/sales/", reverses));
    inventory_.Tell(partner, sale, sale.name());
  }
  void Direct(const std::string& id, const std::string& region, const std::string& quantity,
              const std::string& reverses = "") {
    inventory::v1::DirectSale sale;
    sale.set_name("directSales/" + id);
    *sale.mutable_order_date() = wire::ToProto(*Date::Parse("2026-03-01"));
    sale.mutable_quantity()->set_value(quantity);
    sale.set_region("regions/" + region);
    sale.set_product_line("productLines/bikes");
    if (!reverses.empty()) sale.set_reverses("directSales/" + reverses);
    inventory_.Tell(sale.name(), sale, sale.name());
  }
  void CatchUp() {
    EXPECT_TRUE(Eventually([this] {
      return Source::Sum(*database_, "consumer", " WHERE feed = 'partner'") == partner_.Head() &&
             Source::Sum(*database_, "consumer", " WHERE feed = 'inventory'") == inventory_.Head();
    }));
  }

  // --- what callers do ---
  rpc::CallOptions As(api::v1::Role role, const std::string& partner = "") {
    return {.timeout = absl::Seconds(30), .token = keys_.Token(role, partner)};
  }
  rpc::CallOptions Manager() { return As(api::v1::CHANNEL_MANAGER); }
  rpc::CallOptions User(const std::string& partner) { return As(api::v1::PARTNER_USER, partner); }

  // With one, the client repeats a call that found no connection.
  static std::string NewId() { return Uuid::New(absl::Now()).ToString(); }

  static v1::CreateDealRegistrationRequest NewDeal(const std::string& partner, const std::string& id,
                                                   const std::string& customer, const std::string& region) {
    v1::CreateDealRegistrationRequest request;
    request.set_parent("partners/" + partner);
    request.set_deal_id(id);
    request.set_request_id(NewId());
    auto* deal = request.mutable_deal_registration();
    deal->set_customer_name(customer);
    deal->add_regions("regions/" + region);
    *deal->mutable_effective_from() = wire::ToProto(*Date::Parse("2026-07-01"));
    *deal->mutable_effective_to() = wire::ToProto(*Date::Parse("2026-10-01"));
    return request;
  }
  absl::StatusOr<v1::DealRegistration> Create(const v1::CreateDealRegistrationRequest& request,
                                              const rpc::CallOptions& as) {
    return client_.Call<v1::DealRegistration>(StrCat(kDeals, "CreateDealRegistration"), request, as);
  }
  absl::StatusOr<v1::DealRegistration> Submit(const std::string& name, const rpc::CallOptions& as,
                                              bool try_only = false) {
    v1::SubmitDealRegistrationRequest request;
    request.set_name(name);
    request.set_request_id(NewId());
    request.set_validate_only(try_only);
    return client_.Call<v1::DealRegistration>(StrCat(kDeals, "SubmitDealRegistration"), request, as);
  }
  absl::StatusOr<v1::DealRegistration> Withdraw(const std::string& name, const rpc::CallOptions& as) {
    v1::WithdrawDealRegistrationRequest request;
    request.set_name(name);
    request.set_request_id(NewId());
    return client_.Call<v1::DealRegistration>(StrCat(kDeals, "WithdrawDealRegistration"), request, as);
  }
  absl::StatusOr<v1::DealRegistration> Get(const std::string& name, const rpc::CallOptions& as) {
    v1::GetDealRegistrationRequest request;
    request.set_name(name);
    return client_.Call<v1::DealRegistration>(StrCat(kDeals, "GetDealRegistration"), request, as);
  }
  v1::DealRegistration Submitted(const std::string& partner, const std::string& id, const std::string& customer,
                                 const std::string& region) {
    const auto draft = Create(NewDeal(partner, id, customer, region), User(partner));
    EXPECT_THAT(draft, IsOk());
    const auto deal = Submit(draft->name(), User(partner));
    EXPECT_THAT(deal, IsOk());
    return *deal;
  }
  absl::StatusOr<v1::ListFindingsResponse> Findings(const std::string& filter = "", bool show_deleted = false,
                                                    int page_size = 0, const std::string& token = "") {
    v1::ListFindingsRequest request;
    request.set_filter(filter);
    request.set_show_deleted(show_deleted);
    request.set_page_size(page_size);
    request.set_page_token(token);
    return client_.Call<v1::ListFindingsResponse>(StrCat(kFindings, "ListFindings"), request, Manager());
  }
  std::vector<std::string> Kinds() {
    std::vector<std::string> kinds;
    const auto reply = Findings();
    EXPECT_THAT(reply, IsOk());
    for (const v1::Finding& finding : reply->findings()) kinds.push_back(v1::Finding::Kind_Name(finding.kind()));
    return kinds;
  }

  Keys keys_;
  Source partner_{keys_};
  Source inventory_{keys_};
  std::unique_ptr<mysql::Database> database_ =
      testing::FreshDatabase({&schema::rpc(), &schema::events(), &schema::conflict()});
  Replica replica_{keys_, *database_, partner_, inventory_, "replica-1"};
  rpc::Client client_;
};

TEST_F(ConflictTest, TheVendorsOwnSalesInAnExclusiveTerritory) {
  Direct("W-1.1", "cn-50", "2");
  Direct("W-2.1", "cn-50", "-2");
  Direct("W-3.1", "us", "2");
  Region("cn-50", "cn");
  Grant("p-1", "cn");
  CatchUp();
  const auto found = Findings("kind = DIRECT_VS_PARTNER");
  ASSERT_THAT(found, IsOk());
  ASSERT_THAT(found->findings(), SizeIs(1));
  EXPECT_THAT(found->findings(0).subjects(), ElementsAre("directSales/W-1.1", "partners/p-1/territoryGrants/cn"));
  EXPECT_THAT(found->findings(0).intersection().product_lines(), ElementsAre("productLines/bikes"));
  Direct("W-1.1.r1", "cn-50", "-2", "W-1.1");
  CatchUp();
  EXPECT_THAT(Kinds(), IsEmpty());
}

TEST_F(ConflictTest, HelpersAreSeenBesideExclusiveHoldersAndNotFlagged) {
  using partner::v1::TerritoryGrant;
  Region("cn-50", "cn");
  Grant("p-1", "cn");
  Grant("p-2", "cn-50", TerritoryGrant::ACTIVE, TerritoryGrant::HELPER);
  Grant("p-3", "cn-50", TerritoryGrant::ACTIVE, TerritoryGrant::HELPER);
  Grant("p-4", "cn-50", TerritoryGrant::ACTIVE, TerritoryGrant::NON_EXCLUSIVE);
  CatchUp();
  v1::ListAllowedOverlapsRequest request;
  request.set_page_size(1);
  const auto list = [&](const rpc::CallOptions& as) {
    return client_.Call<v1::ListAllowedOverlapsResponse>(
        "tributary.conflict.v1.AllowedOverlapService/ListAllowedOverlaps", request, as);
  };
  const auto first = list(Manager());
  ASSERT_THAT(first, IsOk());
  ASSERT_THAT(first->allowed_overlaps(), SizeIs(1));
  EXPECT_EQ(first->allowed_overlaps(0).helper_grant(), "partners/p-2/territoryGrants/cn-50");
  EXPECT_EQ(first->allowed_overlaps(0).exclusive_grant(), "partners/p-1/territoryGrants/cn");
  EXPECT_THAT(first->allowed_overlaps(0).intersection().regions(), ElementsAre("regions/cn-50"));
  request.set_page_token(first->next_page_token());
  const auto second = list(Manager());
  ASSERT_THAT(second, IsOk());
  ASSERT_THAT(second->allowed_overlaps(), SizeIs(1));
  EXPECT_EQ(second->allowed_overlaps(0).helper_grant(), "partners/p-3/territoryGrants/cn-50");
  EXPECT_EQ(second->next_page_token(), "");
  EXPECT_THAT(list(User("p-1")), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(Kinds(), IsEmpty());
}

TEST_F(ConflictTest, ExclusiveOverlapsAreBackTestedByTheDaysTheyShare) {
  Region("cn-50", "cn");
  Grant("p-1", "cn");
  Grant("p-2", "cn-50");
  CatchUp();
  v1::BackTestConflictRuleRequest request;
  request.set_name("conflictRules/exclusive-overlap");
  const auto flagged = [&](const char* from, const char* to) {
    *request.mutable_from_date() = wire::ToProto(*Date::Parse(from));
    *request.mutable_to_date() = wire::ToProto(*Date::Parse(to));
    const auto reply = client_.Call<v1::BackTestConflictRuleResponse>(
        "tributary.conflict.v1.ConflictRuleService/BackTestConflictRule", request, Manager());
    EXPECT_THAT(reply, IsOk());
    return StrCat(reply->flagged_count(), " and ", reply->added_count(), " new");
  };
  EXPECT_EQ(flagged("2025-01-01", "2026-01-01"), "0 and 0 new");
  EXPECT_EQ(flagged("2025-01-01", "2026-01-02"), "1 and 0 new");
  EXPECT_EQ(flagged("2026-07-01", "2026-08-01"), "1 and 0 new");
}

TEST_F(ConflictTest, OneFindingOfEachKindAndBack) {
  Region("cn", "");
  Region("cn-50", "cn");
  Grant("p-1", "cn");
  Grant("p-2", "cn-50");
  CatchUp();  // else the sale may come first, and its finding come and go
  Sale("p-1", "S.1", "cn-50", "3");
  CatchUp();
  EXPECT_THAT(Kinds(), ElementsAre("EXCLUSIVE_OVERLAP"));
  Sale("p-1", "S.2", "us", "3");
  Sale("p-1", "S.3", "us", "-3");
  CatchUp();
  Submitted("p-1", "d-1", "Contoso Ltd.", "cn");
  const auto second = Submitted("p-2", "d-1", "CONTOSO, Limited", "cn-50");
  EXPECT_THAT(Kinds(), UnorderedElementsAre("EXCLUSIVE_OVERLAP", "OUT_OF_TERRITORY", "DUPLICATE_DEAL"));

  const auto duplicates = Findings("kind = DUPLICATE_DEAL");
  ASSERT_THAT(duplicates, IsOk());
  ASSERT_THAT(duplicates->findings(), SizeIs(1));
  const v1::Finding& duplicate = duplicates->findings(0);
  EXPECT_THAT(duplicate.subjects(), ElementsAre("partners/p-1/deals/d-1", "partners/p-2/deals/d-1"));
  EXPECT_THAT(duplicate.intersection().regions(), ElementsAre("regions/cn-50"));
  EXPECT_THAT(duplicate.explanation(), HasSubstr("both compare as 'contoso'"));
  EXPECT_EQ(duplicate.rule_version(), "3");
  v1::GetFindingRequest get;
  get.set_name(duplicate.name());
  const auto got = client_.Call<v1::Finding>(StrCat(kFindings, "GetFinding"), get, Manager());
  ASSERT_THAT(got, IsOk());
  EXPECT_EQ(got->SerializeAsString(), duplicate.SerializeAsString());
  get.set_name("findings/00000000000000000000000000000000");
  EXPECT_THAT(client_.Call<v1::Finding>(StrCat(kFindings, "GetFinding"), get, Manager()), HasReason(Reason::kNotFound));

  ASSERT_THAT(Withdraw(second.name(), User("p-2")), IsOk());
  Grant("p-2", "cn-50", partner::v1::TerritoryGrant::REVOKED);
  Sale("p-1", "S.2.r1", "us", "-3", "S.2");
  CatchUp();
  EXPECT_THAT(Kinds(), IsEmpty());
  EXPECT_THAT(Findings("", true)->findings(), SizeIs(3));
  EXPECT_THAT(Findings("state = WITHDRAWN", true)->findings(), SizeIs(3));
  EXPECT_THAT(Findings("kind = PRICE"), HasReason(Reason::kFilterInvalid));
}

TEST_F(ConflictTest, TellsItsOwnFeed) {
  Sale("p-1", "S.1", "us", "3");
  const auto deal = Submitted("p-1", "d-1", "Contoso", "cn");
  events::v1::StreamEventsRequest request;
  for (int shard = 0; shard < events::kShards; ++shard) request.add_cursors()->set_shard(shard);
  const auto stream = client_.OpenStream(StrCat(kFeed, "StreamEvents"), request, As(api::v1::SERVICE));
  std::multiset<std::string> told;
  events::v1::StreamEventsResponse message;
  while (told.size() < 4 && stream->Read(&message)) {
    for (const events::v1::Event& event : message.events()) {
      told.insert(
          StrCat(event.verb(), " ", event.payload().type_url().substr(event.payload().type_url().rfind('.') + 1)));
      v1::DealRegistration payload;
      if (event.verb() == "submitted") {
        EXPECT_TRUE(payload.ParseFromString(event.payload().value()));
        EXPECT_EQ(payload.SerializeAsString(), deal.SerializeAsString());
        EXPECT_EQ(event.cursor().shard(), events::ShardOf("p-1"));
      }
    }
  }
  stream->Cancel();
  (void)stream->Finish();
  EXPECT_THAT(told, UnorderedElementsAre("created DealRegistration", "submitted DealRegistration", "opened Finding",
                                         "opened Case"));
}

TEST_F(ConflictTest, DealsMoveByVerbs) {
  const auto draft = Create(NewDeal("p-1", "d-1", "Contoso", "cn"), User("p-1"));
  ASSERT_THAT(draft, IsOk());
  EXPECT_EQ(draft->state(), v1::DealRegistration::DRAFT);
  EXPECT_EQ(draft->name(), "partners/p-1/deals/d-1");
  EXPECT_THAT(Create(NewDeal("p-1", "d-1", "Fabrikam", "cn"), User("p-1")), HasReason(Reason::kAlreadyExists));
  v1::SubmitDealRegistrationRequest submit;
  submit.set_name(draft->name());
  submit.set_etag("\"v9\"");
  EXPECT_THAT(client_.Call<v1::DealRegistration>(StrCat(kDeals, "SubmitDealRegistration"), submit, User("p-1")),
              HasReason(Reason::kEtagMismatch));
  submit.set_etag(draft->etag());
  submit.set_request_id("0190163d-8694-739b-aea5-966c26f8ad91");
  const auto submitted =
      client_.Call<v1::DealRegistration>(StrCat(kDeals, "SubmitDealRegistration"), submit, User("p-1"));
  ASSERT_THAT(submitted, IsOk());
  EXPECT_EQ(submitted->state(), v1::DealRegistration::SUBMITTED);
  const auto again = client_.Call<v1::DealRegistration>(StrCat(kDeals, "SubmitDealRegistration"), submit, User("p-1"));
  ASSERT_THAT(again, IsOk());
  EXPECT_EQ(again->SerializeAsString(), submitted->SerializeAsString());
  EXPECT_THAT(Submit(draft->name(), User("p-1")), HasReason(Reason::kStateConflict));
  EXPECT_EQ(Get(draft->name(), Manager())->SerializeAsString(), submitted->SerializeAsString());
  ASSERT_THAT(Withdraw(draft->name(), User("p-1")), IsOk());
  EXPECT_THAT(Withdraw(draft->name(), User("p-1")), HasReason(Reason::kStateConflict));

  auto unnamed = NewDeal("p-1", "", "Contoso", "cn");
  const auto named = Create(unnamed, Manager());
  ASSERT_THAT(named, IsOk());
  EXPECT_EQ(named->name(), "partners/p-1/deals/" + named->uid());

  auto bad = NewDeal("p-1", "d-2", "Contoso", "cn");
  bad.mutable_deal_registration()->add_product_lines("bikes");
  *bad.mutable_deal_registration()->mutable_effective_to() = bad.deal_registration().effective_from();
  const auto refused = Create(bad, User("p-1"));
  EXPECT_THAT(refused, Blames("deal_registration.product_lines[0]"));
  EXPECT_THAT(refused, Blames("deal_registration.effective_to"));
  EXPECT_THAT(Create(NewDeal("-", "d-2", "Contoso", "cn"), User("p-1")), Blames("parent"));
}

TEST_F(ConflictTest, APartnerLearnsNothingOfOthers) {
  Submitted("p-1", "d-1", "Contoso Ltd.", "cn");
  // The same answer with a rival and without, but that there is a conflict, in the own words.
  const auto probe = [&](const std::string& customer) {
    const auto draft = Create(NewDeal("p-2", "", customer, "cn"), User("p-2"));
    EXPECT_THAT(draft, IsOk());
    const auto tried = Submit(draft->name(), User("p-2"), /*try_only=*/true);
    EXPECT_THAT(tried, IsOk());
    EXPECT_EQ(Get(draft->name(), User("p-2"))->state(), v1::DealRegistration::DRAFT);
    EXPECT_FALSE(tried->has_conflict());
    auto deal = Submit(draft->name(), User("p-2"));
    EXPECT_THAT(deal, IsOk());
    EXPECT_EQ(deal->has_conflict(), customer == "CONTOSO");
    if (deal->has_conflict()) {
      EXPECT_THAT(deal->conflict().regions(), ElementsAre("regions/cn"));
    }
    for (const char* own : {"conflict", "name", "uid", "create_time", "update_time", "customer_name"}) {
      deal->GetReflection()->ClearField(&*deal, deal->GetDescriptor()->FindFieldByName(own));
    }
    return deal->SerializeAsString();
  };
  EXPECT_EQ(probe("CONTOSO"), probe("Nobody Knows"));
  EXPECT_THAT(Kinds(), ElementsAre("DUPLICATE_DEAL"));

  // Another's deal answers as one that is not there.
  for (const char* name : {"partners/p-1/deals/d-1", "partners/p-1/deals/none"}) {
    EXPECT_THAT(Get(name, User("p-2")), HasReason(Reason::kPermissionDenied));
    EXPECT_THAT(Withdraw(name, User("p-2")), HasReason(Reason::kPermissionDenied));
  }
  EXPECT_THAT(Get("partners/-/deals/d-1", User("p-2")), HasReason(Reason::kNotFound));
  EXPECT_THAT(Get("partners/p-2/deals/none", User("p-2")), HasReason(Reason::kNotFound));
  EXPECT_THAT(
      client_.Call<v1::ListFindingsResponse>(StrCat(kFindings, "ListFindings"), v1::ListFindingsRequest(), User("p-2")),
      HasReason(Reason::kPermissionDenied));
  v1::ListDealRegistrationsRequest list;
  list.set_parent("partners/-");
  const auto own =
      client_.Call<v1::ListDealRegistrationsResponse>(StrCat(kDeals, "ListDealRegistrations"), list, User("p-2"));
  ASSERT_THAT(own, IsOk());
  EXPECT_THAT(own->deal_registrations(), SizeIs(2));
  const auto all =
      client_.Call<v1::ListDealRegistrationsResponse>(StrCat(kDeals, "ListDealRegistrations"), list, Manager());
  EXPECT_THAT(all->deal_registrations(), SizeIs(3));
}

TEST_F(ConflictTest, DealsOfPartnersThatAreNot) {
  Partner("gone", partner::v1::Partner::TERMINATED);
  Partner("here", partner::v1::Partner::SUSPENDED);
  CatchUp();
  EXPECT_THAT(Create(NewDeal("gone", "d-1", "Contoso", "cn"), Manager()), HasReason(Reason::kStateConflict));
  EXPECT_THAT(Create(NewDeal("here", "d-1", "Contoso", "cn"), Manager()), IsOk());
  // Not told of, and nobody there to ask: kept.
  EXPECT_THAT(Create(NewDeal("new", "d-1", "Contoso", "cn"), Manager()), IsOk());
}

TEST_F(ConflictTest, ListsComeInPages) {
  for (int i = 0; i < 5; ++i) Sale("p-1", StrCat("S.", i), "us", "1");
  CatchUp();
  std::set<std::string> names;
  std::string token;
  int pages = 0;
  do {
    const auto page = Findings("kind = OUT_OF_TERRITORY", false, 2, token);
    ASSERT_THAT(page, IsOk());
    for (const v1::Finding& finding : page->findings()) names.insert(finding.name());
    token = page->next_page_token();
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(names, SizeIs(5));
  const auto first = Findings("", false, 2);
  EXPECT_THAT(Findings("kind = OUT_OF_TERRITORY", false, 2, first->next_page_token()),
              HasReason(Reason::kPageTokenInvalid));

  for (int i = 0; i < 3; ++i)
    ASSERT_THAT(Create(NewDeal("p-1", StrCat("d-", i), "Contoso", "cn"), User("p-1")), IsOk());
  v1::ListDealRegistrationsRequest list;
  list.set_parent("partners/p-1");
  list.set_page_size(2);
  list.set_filter("state = DRAFT");
  const auto page =
      client_.Call<v1::ListDealRegistrationsResponse>(StrCat(kDeals, "ListDealRegistrations"), list, User("p-1"));
  ASSERT_THAT(page, IsOk());
  EXPECT_THAT(page->deal_registrations(), SizeIs(2));
  list.set_page_token(page->next_page_token());
  const auto rest =
      client_.Call<v1::ListDealRegistrationsResponse>(StrCat(kDeals, "ListDealRegistrations"), list, User("p-1"));
  ASSERT_THAT(rest, IsOk());
  ASSERT_THAT(rest->deal_registrations(), SizeIs(1));
  EXPECT_EQ(rest->deal_registrations(0).name(), "partners/p-1/deals/d-2");
  EXPECT_EQ(rest->next_page_token(), "");
}

TEST_F(ConflictTest, AnEventThatCannotBeReadIsParkedAndTheRestGoesOn) {
  partner_.Tell({"p-1", "told", "partners/p-1/territoryGrants/bad", "tributary.partner.v1.TerritoryGrant", "\xFF\xFF"});
  Grant("p-1", "cn");
  Grant("p-2", "cn");
  CatchUp();
  EXPECT_THAT(Kinds(), ElementsAre("EXCLUSIVE_OVERLAP"));
  const auto parked = client_.Call<events::v1::ListParkedEventsResponse>(
      StrCat(kFeed, "ListParkedEvents"), events::v1::ListParkedEventsRequest(), As(api::v1::ADMINISTRATOR));
  ASSERT_THAT(parked, IsOk());
  ASSERT_THAT(parked->parked_events(), SizeIs(1));
  EXPECT_EQ(parked->parked_events(0).event().name(), "partners/p-1/territoryGrants/bad");
}

TEST_F(ConflictTest, TwoReplicasShareTheFeedsAndSeeEveryPair) {
  const Replica other(keys_, *database_, partner_, inventory_, "replica-2");
  constexpr int kPartners = 24;
  for (int i = 0; i < kPartners; ++i) {
    Grant(StrCat("p-", i), StrCat("r-", i / 2));
    Sale(StrCat("p-", i), "S.1", StrCat("r-", (i + 1) % kPartners / 2), "1");
  }
  CatchUp();
  EXPECT_THAT(Findings("kind = EXCLUSIVE_OVERLAP", false, 1000)->findings(), SizeIs(kPartners / 2));
  EXPECT_THAT(Findings("kind = OUT_OF_TERRITORY", false, 1000)->findings(), SizeIs(kPartners / 2));
}

}  // namespace
}  // namespace tributary::conflict
