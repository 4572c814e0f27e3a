// Claims on stock through a real server and database: what is refused and why, who may do what, many at once.

#include <atomic>
#include <thread>

#include "incentive-service/ledger/ledger_store.h"
#include "incentive-service/testing_stock_facts.h"
#include "tributary/incentive/v1/fund_request.pb.h"

namespace tributary::incentive {
namespace {

class StockClaimsTest : public WorldTest {
 protected:
  // The stock around the cut, told; nothing decided yet.
  void SetUp() override {
    feed_.TellEvents(AroundTheCut());
    world_.CatchUp();
  }
  void AnnounceCut() {
    ASSERT_OK(desk_.Draft(CutTo110()));
    ASSERT_OK(desk_.Announce(desk_.finance()));
  }
  void GrantEc1() {
    ASSERT_OK(desk_.Ask(ForEc1()));
    ASSERT_OK(desk_.Grant(desk_.manager()));
  }
  static v1::CreateClaimRequest Debit(const std::string& id, const std::vector<ClaimedUnits>& lines) {
    return NewClaim(id, v1::Claim::SHIP_AND_DEBIT, lines);
  }

  StockDesk desk_{keys_, world_.port()};
};

TEST_F(StockClaimsTest, PriceChangesAreRefusedWithReasons) {
  const auto draft = [&](const std::function<void(v1::PriceChange*)>& change) {
    v1::CreatePriceChangeRequest request = CutTo110("other");
    change(request.mutable_price_change());
    return desk_.Draft(request);
  };
  EXPECT_THAT(draft([](v1::PriceChange* c) { c->set_product("x"); }), Blames("price_change.product"));
  EXPECT_THAT(draft([](v1::PriceChange* c) { c->mutable_new_price()->set_currency_code("XXQ"); }),
              Blames("price_change.new_price.currency_code"));
  EXPECT_THAT(draft([](v1::PriceChange* c) { *c->mutable_new_price() = Cny("-1"); }), Blames("price_change.new_price"));
  EXPECT_THAT(draft([](v1::PriceChange* c) { c->set_in_transit_days(-1); }), Blames("price_change.in_transit_days"));
  EXPECT_THAT(draft([](v1::PriceChange* c) { c->clear_effective_date(); }), Blames("price_change.effective_date"));
  EXPECT_THAT(draft([](v1::PriceChange* c) { *c->mutable_claim_deadline() = DateOf("2026-06-09"); }),
              Blames("price_change.claim_deadline"));
  ASSERT_OK(desk_.Draft(CutTo110()));
  EXPECT_THAT(desk_.Draft(CutTo110()), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(desk_.Announce(desk_.manager()), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(desk_.Announce(desk_.partner()), HasReason(Reason::kPermissionDenied));
  EXPECT_THAT(desk_.Announce(desk_.finance(), "none"), HasReason(Reason::kNotFound));
  ASSERT_OK(desk_.Announce(desk_.finance()));
  EXPECT_THAT(desk_.Announce(desk_.finance()), HasReason(Reason::kStateConflict));
  EXPECT_THAT(desk_.Preview("", "none"), HasReason(Reason::kNotFound));
  EXPECT_THAT(desk_.Preview("p3"), Blames("partner"));
  ASSERT_OK_AND_ASSIGN(const auto nobody, desk_.Preview("partners/p4"));
  EXPECT_EQ(nobody.exposures_size(), 0);

  ASSERT_OK(desk_.Draft(CutTo110("draft")));
  v1::ListPriceChangesRequest list;
  list.set_filter("state = ANNOUNCED AND product = 'products/x'");
  ASSERT_OK_AND_ASSIGN(const auto listed, desk_.finance().Call<v1::ListPriceChangesResponse>(
                                              StrCat(kPriceChanges, "ListPriceChanges"), list));
  ASSERT_EQ(listed.price_changes_size(), 1);
  EXPECT_EQ(listed.price_changes(0).announcer(), "finance");
  v1::GetPriceChangeRequest get;
  get.set_name("priceChanges/cut");
  EXPECT_THAT(desk_.partner().Call<v1::PriceChange>(StrCat(kPriceChanges, "GetPriceChange"), get),
              HasReason(Reason::kPermissionDenied));
}

TEST_F(StockClaimsTest, ADraftChangesNoLayer) {
  ASSERT_OK(desk_.Draft(CutTo110()));
  GrantEc1();
  ASSERT_OK(desk_.Claim(Debit("c", {{"S2", "200", "15"}})));
  ASSERT_OK_AND_ASSIGN(const v1::Claim claim, desk_.Approve(desk_.manager(), "c"));
  EXPECT_EQ(TextOf(claim), "2250.00 of 3000.00 APPROVED: S2.1 150 2250.00, OVER_AUTHORIZED_QUANTITY 50 750.00; ");
  // After it, a later cut measures from its price.
  ASSERT_OK(desk_.Announce(desk_.finance()));
  v1::CreatePriceChangeRequest later = CutTo110("later");
  *later.mutable_price_change()->mutable_effective_date() = DateOf("2026-06-20");
  *later.mutable_price_change()->mutable_new_price() = Cny("109.5");
  later.mutable_price_change()->set_lookback_days(365);
  ASSERT_OK(desk_.Draft(later));
  ASSERT_OK_AND_ASSIGN(const auto preview, desk_.Preview("partners/p3", "later"));
  // 6,900 - 250 at 0.50.
  EXPECT_EQ(wire::FromProto(preview.credit())->amount.ToFixed(2), "3325.00");
  EXPECT_EQ(preview.exposures(0).layers(0).protected_by(), "priceChanges/cut");
}

// Units and amounts need not be typed: they follow from what was shipped, received, sold and reported.
TEST_F(StockClaimsTest, TheStockProposesWhatIsClaimed) {
  AnnounceCut();
  v1::CreateClaimRequest request = NewClaim("c", v1::Claim::PRICE_PROTECTION, {});
  request.set_validate_only(true);
  ASSERT_OK_AND_ASSIGN(const v1::Claim proposed, desk_.Claim(request));
  ASSERT_EQ(proposed.lines_size(), 1);
  EXPECT_EQ(proposed.lines(0).quantity().value(), "6900");
  EXPECT_EQ(wire::FromProto(proposed.lines(0).unit_amount())->amount.ToFixed(2), "12.00");
  request.set_validate_only(false);
  ASSERT_OK(desk_.Claim(request));
  ASSERT_OK_AND_ASSIGN(const v1::Claim claim, desk_.Approve(desk_.manager(), "c"));
  EXPECT_EQ(TextOf(claim), "58300.00 of 82800.00 APPROVED: 6900 58300.00, LAYER_PRICE 3500 24500.00; ");
  request.set_claim_id("again");
  EXPECT_THAT(desk_.Claim(request), Blames("claim.lines"));
  // A third of a unit turns up in the books, shipped at 122 a unit.
  inventory::v1::ShipmentLine part = LineOf("p3", "E", 1, "2026-05-02", "2026-05-02", 40, 666626000, "CNY");
  part.set_product("products/x");
  part.mutable_quantity()->set_value("0.333333");
  feed_.TellEvents({Recorded("p3", part)});
  world_.CatchUp();
  ASSERT_OK(desk_.Claim(request));
  ASSERT_OK_AND_ASSIGN(const v1::Claim third, desk_.Approve(desk_.manager(), "again"));
  EXPECT_EQ(TextOf(third), "4.00 of 4.00 APPROVED: 0.333333 4.00; ");
}

TEST_F(StockClaimsTest, SpecialPricesAreRefusedWithReasons) {
  const auto ask = [&](const std::function<void(v1::SpecialPriceAuthorization*)>& change) {
    v1::CreateSpecialPriceAuthorizationRequest request = ForEc1("other");
    change(request.mutable_special_price());
    return desk_.Ask(request);
  };
  using Asked = v1::SpecialPriceAuthorization;
  EXPECT_THAT(ask([](Asked* a) { a->set_product("x"); }), Blames("special_price.product"));
  EXPECT_THAT(ask([](Asked* a) { a->clear_end_customer(); }), Blames("special_price.end_customer"));
  EXPECT_THAT(ask([](Asked* a) { *a->mutable_sale_to() = a->sale_from(); }), Blames("special_price.sale_to"));
  EXPECT_THAT(ask([](Asked* a) { *a->mutable_claim_deadline() = DateOf("2026-06-29"); }),
              Blames("special_price.claim_deadline"));
  EXPECT_THAT(ask([](Asked* a) { a->mutable_quantity()->set_value("0"); }), Blames("special_price.quantity"));
  EXPECT_THAT(ask([](Asked* a) { a->mutable_approved_cost()->set_currency_code("XXQ"); }),
              Blames("special_price.approved_cost.currency_code"));
  ASSERT_OK(desk_.Ask(ForEc1()));
  EXPECT_THAT(desk_.Ask(ForEc1()), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(desk_.Grant(desk_.partner()), HasReason(Reason::kPermissionDenied));
  ASSERT_OK(desk_.manager().Call<Asked>(StrCat(kSpecialPrices, "CreateSpecialPriceAuthorization"), ForEc1("own")));
  EXPECT_THAT(desk_.Grant(desk_.manager(), "own"), HasReason(Reason::kSecondPersonRequired));
  EXPECT_THAT(desk_.Grant(desk_.manager(), "none"), HasReason(Reason::kNotFound));
  ASSERT_OK(desk_.Grant(desk_.manager()));
  EXPECT_THAT(desk_.Grant(desk_.manager()), HasReason(Reason::kStateConflict));

  v1::RejectSpecialPriceAuthorizationRequest reject;
  reject.set_name("partners/p3/specialPrices/own");
  const std::string method = StrCat(kSpecialPrices, "RejectSpecialPriceAuthorization");
  EXPECT_THAT(desk_.finance().Call<Asked>(method, reject), Blames("note"));
  reject.set_note("too low");
  ASSERT_OK_AND_ASSIGN(const Asked rejected, desk_.finance().Call<Asked>(method, reject));
  EXPECT_EQ(rejected.state(), Asked::REJECTED);
  v1::WithdrawSpecialPriceAuthorizationRequest withdraw;
  withdraw.set_name("partners/p3/specialPrices/own");
  EXPECT_THAT(desk_.partner().Call<Asked>(StrCat(kSpecialPrices, "WithdrawSpecialPriceAuthorization"), withdraw),
              HasReason(Reason::kStateConflict));
  v1::ListSpecialPriceAuthorizationsRequest list;
  list.set_parent("partners/-");
  list.set_filter("state = APPROVED AND end_customer = 'EC1' AND sale_from >= 2026-06-01");
  const std::string lists = StrCat(kSpecialPrices, "ListSpecialPriceAuthorizations");
  ASSERT_OK_AND_ASSIGN(const auto own, desk_.partner().Call<v1::ListSpecialPriceAuthorizationsResponse>(lists, list));
  EXPECT_EQ(own.special_prices_size(), 1);
  // Another partner's are as those that are not there.
  const auto other = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p1");
  ASSERT_OK_AND_ASSIGN(const auto none, other->Call<v1::ListSpecialPriceAuthorizationsResponse>(lists, list));
  EXPECT_EQ(none.special_prices_size(), 0);
  v1::GetSpecialPriceAuthorizationRequest get;
  for (const char* id : {"ec1", "none"}) {
    get.set_name(StrCat("partners/p3/specialPrices/", id));
    EXPECT_THAT(other->Call<Asked>(StrCat(kSpecialPrices, "GetSpecialPriceAuthorization"), get),
                HasReason(Reason::kPermissionDenied));
  }
}

TEST_F(StockClaimsTest, ClaimsAreRefusedWithReasons) {
  const auto with = [&](v1::CreateClaimRequest request, const std::function<void(v1::Claim*)>& change) {
    change(request.mutable_claim());
    return desk_.Claim(request);
  };
  const v1::CreateClaimRequest debit = Debit("c", {{"S1", "250", "15"}});
  const v1::CreateClaimRequest cut = NewClaim("c", v1::Claim::PRICE_PROTECTION, {{"", "7400", "12"}});
  // What a kind does not have, and what it must have.
  EXPECT_THAT(with(debit, [](v1::Claim* c) { c->set_fund_request("partners/p3/fundRequests/f"); }),
              Blames("claim.fund_request"));
  EXPECT_THAT(with(debit, [](v1::Claim* c) { c->set_price_change("priceChanges/cut"); }), Blames("claim.price_change"));
  EXPECT_THAT(with(debit, [](v1::Claim* c) { c->clear_special_price(); }), Blames("claim.special_price"));
  EXPECT_THAT(with(debit, [](v1::Claim* c) { c->set_special_price("partners/p4/specialPrices/ec1"); }),
              Blames("claim.special_price"));
  EXPECT_THAT(with(cut, [](v1::Claim* c) { c->set_special_price("partners/p3/specialPrices/ec1"); }),
              Blames("claim.special_price"));
  EXPECT_THAT(with(cut, [](v1::Claim* c) { c->clear_price_change(); }), Blames("claim.price_change"));
  EXPECT_THAT(with(debit, [](v1::Claim* c) { c->set_kind(v1::Claim::MDF); }), Blames("claim.fund_request"));
  EXPECT_THAT(with(debit, [](v1::Claim* c) { c->clear_kind(); }), Blames("claim.kind"));
  EXPECT_THAT(desk_.Claim(debit), HasReason(Reason::kNotFound));
  EXPECT_THAT(desk_.Claim(cut), HasReason(Reason::kNotFound));

  ASSERT_OK(desk_.Ask(ForEc1()));
  EXPECT_THAT(desk_.Claim(debit), HasReason(Reason::kStateConflict));
  ASSERT_OK(desk_.Grant(desk_.manager()));
  ASSERT_OK(desk_.Draft(CutTo110()));
  EXPECT_THAT(desk_.Claim(cut), HasReason(Reason::kNotFound)) << "nobody learns of a draft by claiming";
  ASSERT_OK(desk_.Announce(desk_.finance()));
  EXPECT_THAT(with(debit, [](v1::Claim* c) { c->clear_lines(); }), Blames("claim.lines"));
  EXPECT_THAT(with(debit, [](v1::Claim* c) { c->mutable_lines(0)->clear_sale(); }), Blames("claim.lines[0].sale"));
  EXPECT_THAT(with(debit, [](v1::Claim* c) { c->mutable_lines(0)->set_sale("partners/p4/sales/S1.1"); }),
              Blames("claim.lines[0].sale"));
  EXPECT_THAT(with(debit, [](v1::Claim* c) { *c->add_lines() = c->lines(0); }), Blames("claim.lines[1].sale"));
  EXPECT_THAT(with(debit, [](v1::Claim* c) { c->mutable_lines(0)->mutable_quantity()->set_value("-1"); }),
              Blames("claim.lines[0].quantity"));
  EXPECT_THAT(with(debit, [](v1::Claim* c) { *c->mutable_lines(0)->mutable_unit_amount() = Cny("0"); }),
              Blames("claim.lines[0].unit_amount"));
  EXPECT_THAT(with(debit, [](v1::Claim* c) { *c->mutable_lines(0)->mutable_unit_amount() = Cny("15.00001"); }),
              Blames("claim.lines[0].unit_amount"));
  EXPECT_THAT(with(debit, [](v1::Claim* c) { c->mutable_lines(0)->mutable_unit_amount()->set_currency_code("USD"); }),
              Blames("claim.lines[0].unit_amount.currency_code"));
  EXPECT_THAT(with(debit, [](v1::Claim* c) { *c->mutable_amount() = Cny("3749"); }), Blames("claim.amount"));
  EXPECT_THAT(with(cut, [](v1::Claim* c) { *c->add_lines() = c->lines(0); }), Blames("claim.lines"));
  EXPECT_THAT(with(cut, [](v1::Claim* c) { c->mutable_lines(0)->set_sale("partners/p3/sales/S1.1"); }),
              Blames("claim.lines[0].sale"));

  ASSERT_OK(desk_.Claim(debit));
  EXPECT_THAT(desk_.Claim(debit), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(desk_.Approve(desk_.partner(), "c"), HasReason(Reason::kPermissionDenied));
  v1::ApproveClaimRequest part;
  part.set_name("partners/p3/claims/c");
  *part.mutable_amount() = Cny("1");
  EXPECT_THAT(desk_.manager().Call<v1::Claim>(StrCat(kClaims, "ApproveClaim"), part), Blames("amount"));
  EXPECT_THAT(desk_.Pay(desk_.finance(), "c"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(desk_.TrueUp(desk_.finance(), "c"), HasReason(Reason::kStateConflict));
  ASSERT_OK(desk_.Approve(desk_.finance(), "c"));
  EXPECT_THAT(desk_.Approve(desk_.manager(), "c"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(desk_.Pay(desk_.finance(), "c"), HasReason(Reason::kSecondPersonRequired));
  const auto second = keys_.NewClient(world_.port(), api::v1::FINANCE, "", "second");
  ASSERT_OK(desk_.Pay(*second, "c"));
  EXPECT_THAT(desk_.Pay(*second, "c"), HasReason(Reason::kStateConflict));
  EXPECT_THAT(desk_.TrueUp(desk_.finance(), "c"), HasReason(Reason::kSecondPersonRequired));
  ASSERT_OK(desk_.TrueUp(*second, "c"));

  v1::CreateClaimRequest by_manager = Debit("own", {{"S2", "1", "10"}});
  ASSERT_OK(desk_.manager().Call<v1::Claim>(StrCat(kClaims, "CreateClaim"), by_manager));
  EXPECT_THAT(desk_.Approve(desk_.manager(), "own"), HasReason(Reason::kSecondPersonRequired));

  // Long over.
  v1::CreateSpecialPriceAuthorizationRequest past = ForEc1("past");
  *past.mutable_special_price()->mutable_claim_deadline() = DateOf("2026-07-01");
  ASSERT_OK(desk_.Ask(past));
  ASSERT_OK(desk_.Grant(desk_.manager(), "past"));
  EXPECT_THAT(with(Debit("late", {{"S2", "1", "10"}}),
                   [](v1::Claim* c) { c->set_special_price("partners/p3/specialPrices/past"); }),
              HasReason(Reason::kClaimDeadlinePassed));
}

TEST_F(StockClaimsTest, AClaimThatNothingIsDueOfIsRejected) {
  GrantEc1();
  AnnounceCut();
  ASSERT_OK(desk_.Claim(Debit("a", {{"S1", "250", "15"}})));
  ASSERT_OK(desk_.Claim(Debit("b", {{"S1", "250", "15"}, {"none", "1", "15"}})));
  ASSERT_OK(desk_.Approve(desk_.manager(), "a"));
  ASSERT_OK_AND_ASSIGN(const v1::Claim again, desk_.Approve(desk_.manager(), "b"));
  EXPECT_EQ(
      TextOf(again),
      "0.00 of 3765.00 REJECTED: S1.1 0 0.00, UNIT_ALREADY_FUNDED 250 3750.00; none.1 0 0.00, UNITS_UNKNOWN 1 15.00; ");
  v1::WithdrawClaimRequest withdraw;
  withdraw.set_name("partners/p3/claims/c");
  ASSERT_OK(desk_.Claim(Debit("c", {{"S2", "10", "10"}})));
  ASSERT_OK(desk_.partner().Call<v1::Claim>(StrCat(kClaims, "WithdrawClaim"), withdraw));
  v1::RejectClaimRequest reject;
  reject.set_name("partners/p3/claims/d");
  reject.set_note("no");
  ASSERT_OK(desk_.Claim(Debit("d", {{"S2", "10", "10"}})));
  ASSERT_OK(desk_.manager().Call<v1::Claim>(StrCat(kClaims, "RejectClaim"), reject));
  v1::ListClaimsRequest list;
  list.set_parent("partners/p3");
  list.set_filter("kind = SHIP_AND_DEBIT AND state = REJECTED");
  ASSERT_OK_AND_ASSIGN(const auto listed,
                       desk_.partner().Call<v1::ListClaimsResponse>(StrCat(kClaims, "ListClaims"), list));
  ASSERT_EQ(listed.claims_size(), 2);
  EXPECT_EQ(TextOf(listed.claims(0)), TextOf(again));
}

// What the customer brings back is taken back, and may be sold at the special price again.
TEST_F(StockClaimsTest, AReturnOfTheCustomersTruesUp) {
  GrantEc1();
  AnnounceCut();
  ASSERT_OK(desk_.Claim(Debit("a", {{"S1", "250", "15"}, {"S2", "200", "10"}})));
  ASSERT_OK(desk_.Approve(desk_.manager(), "a"));
  ASSERT_OK(desk_.Pay(desk_.finance(), "a"));
  EXPECT_EQ(desk_.Balance(), "5250.00");
  feed_.TellEvents({Sold("p3", "T", "2026-06-20", -50, "EC1", "S1")});
  world_.CatchUp();
  ASSERT_OK_AND_ASSIGN(const v1::Claim trued_up, desk_.TrueUp(desk_.finance(), "a"));
  ASSERT_EQ(trued_up.true_ups_size(), 1);
  EXPECT_EQ(trued_up.true_ups(0).amount().units(), -750);
  EXPECT_EQ(desk_.Balance(), "4500.00");
  ASSERT_OK(desk_.Claim(Debit("b", {{"S2", "50", "10"}})));
  ASSERT_OK_AND_ASSIGN(const v1::Claim rest, desk_.Approve(desk_.manager(), "b"));
  EXPECT_EQ(TextOf(rest), "500.00 of 500.00 APPROVED: S2.1 50 500.00; ");
  int64_t mismatches = -1;
  ASSERT_OK(world_.database().Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(mismatches, LedgerStore().Mismatches(sql));
    return absl::OkStatus();
  }));
  EXPECT_EQ(mismatches, 0);
}

// Claims of one sale against two authorizations, and of one price change, approved at once.
TEST_F(StockClaimsTest, ACrowdNeverGetsMoreThanThereIs) {
  GrantEc1();
  ASSERT_OK(desk_.Ask(ForEc1("more")));
  ASSERT_OK(desk_.Grant(desk_.manager(), "more"));
  AnnounceCut();
  constexpr int kEach = 32;
  for (int i = 0; i < kEach; ++i) {
    v1::CreateClaimRequest debit = Debit(StrCat("d-", i), {{"S1", "20", "15"}, {"S2", "20", "10"}});
    if (i % 2 == 1) debit.mutable_claim()->set_special_price("partners/p3/specialPrices/more");
    ASSERT_OK(desk_.Claim(debit));
    ASSERT_OK(desk_.Claim(NewClaim(StrCat("p-", i), v1::Claim::PRICE_PROTECTION, {{"", "500", "12"}})));
  }
  std::atomic<int64_t> debited = 0, protected_units = 0, credit = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 2 * kEach; ++i) {
      clients.emplace_back([&, i] {
        const auto manager = keys_.NewClient(world_.port(), api::v1::CHANNEL_MANAGER, "", StrCat("manager-", i));
        v1::ApproveClaimRequest approve;
        approve.set_name(StrCat("partners/p3/claims/", i % 2 == 0 ? "d-" : "p-", i / 2));
        const auto approved = Insist(*manager, approve);
        ASSERT_OK(approved);
        for (const v1::ClaimLine& line : approved->lines()) {
          const int64_t units = std::stoll(line.approved_quantity().value());
          if (i % 2 == 0) {
            debited += units;
          } else {
            protected_units += units;
            credit += line.approved().units();
          }
        }
      });
    }
  }
  // S1 and S2 are 450 units, and the authorizations 400 each.
  EXPECT_EQ(debited, 450);
  EXPECT_EQ(protected_units, 6900);
  EXPECT_EQ(credit, 58300);
  v1::GetSpecialPriceAuthorizationRequest get;
  int64_t of_both = 0;
  for (const char* id : {"ec1", "more"}) {
    get.set_name(StrCat("partners/p3/specialPrices/", id));
    ASSERT_OK_AND_ASSIGN(const auto one, desk_.partner().Call<v1::SpecialPriceAuthorization>(
                                             StrCat(kSpecialPrices, "GetSpecialPriceAuthorization"), get));
    EXPECT_LE(std::stoll(one.debited_quantity().value()), 400);
    of_both += std::stoll(one.debited_quantity().value());
  }
  EXPECT_EQ(of_both, debited);
}

// Units that two partners report: of one invoice, claimed at both at once; and by their serials.
TEST_F(StockClaimsTest, WhatTwoPartnersReportIsPaidForOnce) {
  inventory::v1::SellThroughSale first = SaleOf("p3", "U1", "2026-06-02", 2, "EC1");
  inventory::v1::SellThroughSale second = SaleOf("p4", "U2", "2026-06-02", 2, "EC1");
  for (const char* serial : {"u1", "u2"}) first.add_serials(serial);
  for (const char* serial : {"u2", "u3"}) second.add_serials(serial);
  feed_.TellEvents({Shipped("p4", "A", "2026-03-15", 1000, 120), Sold("p4", "S1", "2026-06-03", 250, "EC1"),
                    Recorded("p3", first), Recorded("p4", second)});
  world_.CatchUp();
  GrantEc1();
  const auto p4 = keys_.NewClient(world_.port(), api::v1::PARTNER_USER, "p4");
  v1::CreateSpecialPriceAuthorizationRequest ask = ForEc1();
  ask.set_parent("partners/p4");
  ASSERT_OK(p4->Call<v1::SpecialPriceAuthorization>(StrCat(kSpecialPrices, "CreateSpecialPriceAuthorization"), ask));
  v1::ApproveSpecialPriceAuthorizationRequest grant;
  grant.set_name("partners/p4/specialPrices/ec1");
  ASSERT_OK(desk_.manager().Call<v1::SpecialPriceAuthorization>(
      StrCat(kSpecialPrices, "ApproveSpecialPriceAuthorization"), grant));
  const auto claim_of_p4 = [&](const std::string& id, const std::string& sale, const std::string& units) {
    v1::CreateClaimRequest request = Debit(id, {{sale, units, "15"}});
    request.set_parent("partners/p4");
    request.mutable_claim()->set_special_price("partners/p4/specialPrices/ec1");
    request.mutable_claim()->mutable_lines(0)->set_sale(StrCat("partners/p4/sales/", sale, ".1"));
    return p4->Call<v1::Claim>(StrCat(kClaims, "CreateClaim"), request);
  };
  const auto approve = [&](rpc::Client& client, const std::string& partner, const std::string& id) {
    v1::ApproveClaimRequest request;
    request.set_name(StrCat("partners/", partner, "/claims/", id));
    return Insist(client, request);
  };

  constexpr int kEach = 16;
  for (int i = 0; i < kEach; ++i) {
    ASSERT_OK(desk_.Claim(Debit(StrCat("s-", i), {{"S1", "20", "15"}})));
    ASSERT_OK(claim_of_p4(StrCat("s-", i), "S1", "20"));
  }
  std::atomic<int64_t> paid = 0;
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i < 2 * kEach; ++i) {
      clients.emplace_back([&, i] {
        const auto manager = keys_.NewClient(world_.port(), api::v1::CHANNEL_MANAGER, "", StrCat("manager-", i));
        const auto approved = approve(*manager, i % 2 == 0 ? "p3" : "p4", StrCat("s-", i / 2));
        ASSERT_OK(approved);
        paid += std::stoll(approved->lines(0).approved_quantity().value());
      });
    }
  }
  EXPECT_EQ(paid, 250) << "one line of one invoice";

  ASSERT_OK(desk_.Claim(Debit("u", {{"U1", "2", "15"}})));
  ASSERT_OK_AND_ASSIGN(const v1::Claim both, approve(desk_.manager(), "p3", "u"));
  EXPECT_EQ(TextOf(both), "30.00 of 30.00 APPROVED: U1.1 2 30.00; ");
  ASSERT_OK(claim_of_p4("u", "U2", "2"));
  ASSERT_OK_AND_ASSIGN(const v1::Claim other, approve(desk_.manager(), "p4", "u"));
  EXPECT_EQ(TextOf(other), "15.00 of 30.00 APPROVED: U2.1 1 15.00, UNIT_ALREADY_FUNDED 1 15.00; ");
  // What is taken back is nobody's.
  feed_.TellEvents({Reversed("p3", first)});
  world_.CatchUp();
  ASSERT_OK(claim_of_p4("rest", "U2", "1"));
  ASSERT_OK_AND_ASSIGN(const v1::Claim rest, approve(desk_.manager(), "p4", "rest"));
  EXPECT_EQ(TextOf(rest), "15.00 of 15.00 APPROVED: U2.1 1 15.00; ");
}

}  // namespace
}  // namespace tributary::incentive
