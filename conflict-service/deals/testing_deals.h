#pragma once

// conflict-service as its callers see it, at a time of the test's choosing, for tests of deals.

#include <memory>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/auth/tokens.h"
#include "common/ids/resource_name.h"
#include "common/paging/page_token.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/status/status_matchers.h"
#include "common/time/clock.h"
#include "common/wire/wire.h"
#include "conflict-service/facts/grant_store.h"
#include "conflict-service/facts/region_store.h"
#include "conflict-service/service.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "prometheus/registry.h"
#include "rpc_schema.h"
#include "tests/support/database_server.h"
#include "tributary/conflict/v1/adjudication_policy.pb.h"
#include "tributary/conflict/v1/contest.pb.h"
#include "tributary/conflict/v1/deal_limits.pb.h"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/conflict/v1/evidence.pb.h"
#include "tributary/conflict/v1/finding.pb.h"

namespace tributary::conflict {

inline constexpr char kDeals[] = "tributary.conflict.v1.DealRegistrationService/";
inline constexpr char kEvidence[] = "tributary.conflict.v1.EvidenceService/";
inline constexpr char kPolicies[] = "tributary.conflict.v1.AdjudicationPolicyService/";
inline constexpr char kLimits[] = "tributary.conflict.v1.DealLimitsService/";
inline constexpr char kContests[] = "tributary.conflict.v1.ContestService/";

// Two partners' registrations.
inline constexpr char kFirst[] = "partners/p-1/deals/d-1";
inline constexpr char kSecond[] = "partners/p-2/deals/d-2";
using State = v1::DealRegistration;

inline const DealLimits kManySubmissions{.submissions_per_deal = 3, .submissions_per_day = 1'000'000};

// What tokens are signed with, and when.
struct DealsKeys {
  DealsKeys() {
    const auto pair = *auth::TokenSigner::NewKeyPair("test");
    signer = *auth::TokenSigner::FromJwk(pair.private_jwk);
    verifier = *auth::TokenVerifier::FromJwks(pair.public_jwks);
  }
  // Noon, UTC.
  void SetDay(const char* day) { clock.Set(absl::FromUnixSeconds(Date::Parse(day)->days() * 86400LL + 43200)); }
  rpc::CallOptions As(api::v1::Role role, const std::string& partner = "", const std::string& subject = "") const {
    return {.timeout = absl::Seconds(60),
            .token = *signer->Sign({.subject = subject.empty() ? StrCat("user-", partner, role) : subject,
                                    .roles = {role},
                                    .partner = partner},
                                   clock.Now(), absl::Hours(1))};
  }

  std::unique_ptr<auth::TokenSigner> signer;
  std::unique_ptr<auth::TokenVerifier> verifier;
  FakeClock clock{absl::FromUnixSeconds(1782907200)};  // 2026-07-01, noon
};

// What all processes of a test share.
struct DealsWorld : DealsKeys {
  std::unique_ptr<mysql::Database> database =
      testing::FreshDatabase({&schema::rpc(), &schema::events(), &schema::conflict()});
};

// One process of conflict-service, whose feeds nobody serves: the facts are put into its database. But for the feed of
// partner-service, where a client of it is given.
class DealsProcess {
 public:
  DealsProcess(DealsWorld& world, std::string owner, DealLimits limits = {}, rpc::Client* partner_service = nullptr,
               absl::Duration answer_step = absl::ZeroDuration())
      : nobody_({.address = "127.0.0.1:1"}),
        server_(rpc::Frame{.clock = &world.clock,
                           .database = world.database.get(),
                           .verifier = world.verifier.get(),
                           .registry = &registry_,
                           .committed = [this] { service_.Committed(); }},
                rpc::ServerOptions{.address = "127.0.0.1:0", .grace_period = absl::Seconds(5)}),
        service_({.database = *world.database,
                  .clock = world.clock,
                  .page_tokens = tokens_,
                  .partner_service = partner_service != nullptr ? *partner_service : nobody_,
                  .inventory_service = nobody_,
                  .incentive_service = nobody_,
                  .server = server_,
                  .registry = &registry_,
                  .owner = std::move(owner),
                  .deal_limits = limits,
                  .deal_answer_step = answer_step}) {
    EXPECT_THAT(server_.Start(), IsOk());
    EXPECT_THAT(service_.Start(), IsOk());
    client_ = std::make_unique<rpc::Client>(rpc::ClientOptions{.address = StrCat("127.0.0.1:", server_.port())});
  }
  ~DealsProcess() {
    service_.Stop();
    server_.Drain();
  }
  rpc::Client& client() { return *client_; }

 private:
  prometheus::Registry registry_;
  const PageTokens tokens_{std::string(32, 'k')};
  rpc::Client nobody_;
  rpc::Server server_;
  Service service_;
  std::unique_ptr<rpc::Client> client_;
};

class DealsTest : public ::testing::Test {
 protected:
  // Partners p-1 to p-9, and a country of four provinces.
  explicit DealsTest(rpc::Client* partner_service = nullptr)
      : process_(world_, "replica-1", kManySubmissions, partner_service) {
    EXPECT_THAT(world_.database->Transact({},
                                          [&](mysql::Transaction& sql) -> absl::Status {
                                            std::vector<RegionFact> regions = {{"regions/cn", ""}};
                                            for (const char* province : {"cn-50", "cn-51", "cn-53", "cn-54"}) {
                                              regions.push_back({StrCat("regions/", province), "regions/cn"});
                                            }
                                            std::vector<PartnerFact> partners;
                                            for (int i = 1; i < 10; ++i) partners.push_back({StrCat("partners/p-", i)});
                                            RETURN_IF_ERROR(GrantStore().PutPartners(sql, partners));
                                            return RegionStore().Put(sql, regions).status();
                                          }),
                IsOk());
  }

  rpc::CallOptions Manager() const { return world_.As(api::v1::CHANNEL_MANAGER); }
  rpc::CallOptions User(const std::string& partner) const { return world_.As(api::v1::PARTNER_USER, partner); }
  template <typename Reply, typename Request>
  absl::StatusOr<Reply> Call(const std::string& method, const Request& request, const rpc::CallOptions& as) {
    return process_.client().Call<Reply>(method, request, as);
  }
  // A verb that takes a name alone.
  template <typename Request, typename Reply = v1::DealRegistration>
  absl::StatusOr<Reply> Do(const std::string& method, const std::string& name, const rpc::CallOptions& as) {
    Request request;
    request.set_name(name);
    return Call<Reply>(method, request, as);
  }

  static v1::CreateDealRegistrationRequest Draft(const std::string& partner, const std::string& id,
                                                 const std::string& customer, std::vector<std::string> lines,
                                                 std::vector<std::string> regions, const char* from, const char* to) {
    v1::CreateDealRegistrationRequest request;
    request.set_parent("partners/" + partner);
    request.set_deal_id(id);
    auto* deal = request.mutable_deal_registration();
    deal->set_customer_name(customer);
    for (const std::string& line : lines) deal->add_product_lines("productLines/" + line);
    for (const std::string& region : regions) deal->add_regions("regions/" + region);
    deal->set_route("RESELL");
    *deal->mutable_effective_from() = wire::ToProto(*Date::Parse(from));
    *deal->mutable_effective_to() = wire::ToProto(*Date::Parse(to));
    return request;
  }
  // The two registrations of S5.
  static v1::CreateDealRegistrationRequest First(const std::string& customer = "臺灣水泥股份有限公司") {
    return Draft("p-1", "d-1", customer, {"pl-a", "pl-b"}, {"cn-50", "cn-51"}, "2026-07-08", "2026-10-06");
  }
  static v1::CreateDealRegistrationRequest Second(const std::string& customer = "台泥") {
    return Draft("p-2", "d-2", customer, {"pl-b", "pl-c"}, {"cn-50", "cn-53"}, "2026-08-01", "2026-10-30");
  }
  absl::StatusOr<v1::DealRegistration> Register(const v1::CreateDealRegistrationRequest& draft, bool try_only = false) {
    const std::string partner = draft.parent().substr(9);
    const auto made = Call<v1::DealRegistration>(StrCat(kDeals, "CreateDealRegistration"), draft, User(partner));
    RETURN_IF_ERROR(made.status());
    return Submit(made->name(), try_only);
  }
  absl::StatusOr<v1::DealRegistration> Submit(const std::string& name, bool try_only = false) {
    v1::SubmitDealRegistrationRequest request;
    request.set_name(name);
    request.set_validate_only(try_only);
    return Call<v1::DealRegistration>(StrCat(kDeals, "SubmitDealRegistration"), request,
                                      User(std::string(PartnerOf(name))));
  }
  v1::DealRegistration Get(const std::string& name) {
    const auto deal = Do<v1::GetDealRegistrationRequest>(StrCat(kDeals, "GetDealRegistration"), name,
                                                         User(std::string(PartnerOf(name))));
    EXPECT_THAT(deal, IsOk());
    return deal.value_or(v1::DealRegistration());
  }
  absl::StatusOr<v1::DealRegistration> Approve(const std::string& name) {
    return Do<v1::ApproveDealRegistrationRequest>(StrCat(kDeals, "ApproveDealRegistration"), name, Manager());
  }
  absl::StatusOr<v1::DealRegistration> Reject(const std::string& name) {
    v1::RejectDealRegistrationRequest request;
    request.set_name(name);
    request.set_note("Not ours to sell");
    return Call<v1::DealRegistration>(StrCat(kDeals, "RejectDealRegistration"), request, Manager());
  }
  absl::StatusOr<v1::DealRegistration> Appeal(const std::string& name) {
    v1::AppealDealRegistrationRequest request;
    request.set_name(name);
    request.set_note("We were there first");
    return Call<v1::DealRegistration>(StrCat(kDeals, "AppealDealRegistration"), request,
                                      User(std::string(PartnerOf(name))));
  }
  absl::StatusOr<v1::DealRegistration> Renew(const std::string& name, const char* end, bool try_only = false) {
    v1::RenewDealRegistrationRequest request;
    request.set_name(name);
    request.set_validate_only(try_only);
    *request.mutable_effective_to() = wire::ToProto(*Date::Parse(end));
    return Call<v1::DealRegistration>(StrCat(kDeals, "RenewDealRegistration"), request,
                                      User(std::string(PartnerOf(name))));
  }

  // meeting 5 (three at most, or as said), proof of concept 30, design 40; contests of five business days.
  void Policy(const std::string& id, int meetings = 3, bool activate = true, int appeal_days = 0) {
    v1::CreateAdjudicationPolicyRequest request;
    request.set_adjudication_policy_id(id);
    auto* policy = request.mutable_adjudication_policy();
    policy->set_contest_days(5);
    policy->set_appeal_days(appeal_days);
    for (const auto& [kind, points, most] :
         {std::tuple(v1::Evidence::MEETING, 5, meetings), std::tuple(v1::Evidence::PROOF_OF_CONCEPT, 30, 0),
          std::tuple(v1::Evidence::DESIGN, 40, 0)}) {
      auto* weight = policy->add_weights();
      weight->set_kind(kind);
      weight->set_points(points);
      weight->set_max_count(most);
    }
    ASSERT_THAT(Call<v1::AdjudicationPolicy>(StrCat(kPolicies, "CreateAdjudicationPolicy"), request, Manager()),
                IsOk());
    if (!activate) return;
    const auto active = Do<v1::ActivateAdjudicationPolicyRequest, v1::AdjudicationPolicy>(
        StrCat(kPolicies, "ActivateAdjudicationPolicy"), "adjudicationPolicies/" + id, Manager());
    ASSERT_THAT(active, IsOk());
  }
  void Evidence(const std::string& deal, const std::string& id, v1::Evidence::Kind kind, const char* day,
                bool verify = true) {
    v1::CreateEvidenceRequest request;
    request.set_parent(deal);
    request.set_evidence_id(id);
    request.mutable_evidence()->set_kind(kind);
    *request.mutable_evidence()->mutable_evidence_date() = wire::ToProto(*Date::Parse(day));
    const auto made =
        Call<v1::Evidence>(StrCat(kEvidence, "CreateEvidence"), request, User(std::string(PartnerOf(deal))));
    ASSERT_THAT(made, IsOk());
    if (!verify) return;
    const auto verified =
        Do<v1::VerifyEvidenceRequest, v1::Evidence>(StrCat(kEvidence, "VerifyEvidence"), made->name(), Manager());
    ASSERT_THAT(verified, IsOk());
  }
  std::vector<v1::Contest> Contests(const std::string& filter = "") {
    v1::ListContestsRequest request;
    request.set_page_size(1000);
    request.set_filter(filter);
    const auto reply = Call<v1::ListContestsResponse>(StrCat(kContests, "ListContests"), request, Manager());
    EXPECT_THAT(reply, IsOk());
    return {reply->contests().begin(), reply->contests().end()};
  }
  absl::StatusOr<v1::Contest> Award(const std::string& name) {
    return Do<v1::AwardContestRequest, v1::Contest>(StrCat(kContests, "AwardContest"), name, Manager());
  }

  DealsWorld world_;
  DealsProcess process_;
};

inline int64_t CellsOf(const v1::DealBox& box) {
  const auto from = wire::FromProto(box.effective_from()), to = wire::FromProto(box.effective_to());
  return int64_t{box.product_lines_size()} * box.regions_size() * box.routes_size() * (to->days() - from->days());
}
template <typename Boxes>
int64_t CellsOf(const Boxes& boxes) {
  int64_t cells = 0;
  for (const v1::DealBox& box : boxes) cells += CellsOf(box);
  return cells;
}

}  // namespace tributary::conflict
