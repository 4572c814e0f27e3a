// Looks for leaks between partners that register deals: request ids, and customers that a rival has registered.

#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/ids/uuid.h"
#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/e2e/probed_methods.h"
#include "tests/support/channel.h"
#include "tributary/conflict/v1/deal_registration.pb.h"

namespace tributary::testing {
namespace {

// No answer to a verb of a partner comes earlier, but for the rounding of two clocks.
constexpr absl::Duration kStep = absl::Milliseconds(49);

class DealProberTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(demo_.outcome.code, 0) << demo_.outcome.ToString(); }

  SampleDemo& demo_ = SampleDemo::Get();
  const std::string asker_ = demo_.suite.Token("PARTNER_USER", kAsker, "user-of-asker");
  const std::string owner_ = demo_.suite.Token("PARTNER_USER", kOwner, "user-of-owner");
};

// A request id of another principal is no key to its answer.
TEST_F(DealProberTest, ARequestIdOpensOnlyOnesOwnAnswer) {
  conflict::v1::CreateDealRegistrationRequest create;
  create.set_parent(StrCat("partners/", kOwner));
  create.set_deal_id("prober-request-id");
  create.set_request_id(Uuid::New(absl::Now()).ToString());
  auto* deal = create.mutable_deal_registration();
  deal->set_customer_name("Quayside Optics Ltd.");
  deal->add_regions("regions/sg");
  deal->add_product_lines("productLines/drives");
  deal->mutable_effective_from()->set_year(2024);
  deal->mutable_effective_from()->set_month(1);
  deal->mutable_effective_from()->set_day(1);
  deal->mutable_effective_to()->set_year(2024);
  deal->mutable_effective_to()->set_month(3);
  deal->mutable_effective_to()->set_day(1);
  const auto call = [&](const conflict::v1::CreateDealRegistrationRequest& request, const std::string& token) {
    return demo_.suite.client("conflict")
        .Call<conflict::v1::DealRegistration>("tributary.conflict.v1.DealRegistrationService/CreateDealRegistration",
                                              request, {.token = token});
  };
  const auto mine = call(create, owner_);
  ASSERT_THAT(mine, IsOk());
  EXPECT_EQ(call(create, owner_)->uid(), mine->uid());
  // The same request by another: refused by its name, as a request with a fresh id is.
  auto fresh = create;
  fresh.set_request_id(Uuid::New(absl::Now()).ToString());
  EXPECT_THAT(call(create, asker_), HasReason(Reason::kPermissionDenied));
  EXPECT_EQ(call(create, asker_).status(), call(fresh, asker_).status());
  // The same request id for a request of its own: a registration of its own.
  create.set_parent(StrCat("partners/", kAsker));
  create.set_deal_id("another-prober-request-id");
  const auto theirs = call(create, asker_);
  ASSERT_THAT(theirs, IsOk());
  EXPECT_NE(theirs->uid(), mine->uid());
}

// Registering a customer that another has registered looks as registering one that nobody has, but for the conflict,
// which repeats the own scope; trying it looks the same altogether.
TEST_F(DealProberTest, ARegistrationDoesNotTellOfARival) {
  const auto rival = demo_.suite.client("conflict")
                         .Call<conflict::v1::DealRegistration>(
                             "tributary.conflict.v1.DealRegistrationService/GetDealRegistration", [] {
                               conflict::v1::GetDealRegistrationRequest get;
                               get.set_name(StrCat("partners/", kOwner, "/deals/demo-deal"));
                               return get;
                             }());
  ASSERT_THAT(rival, IsOk());
  std::vector<std::string> shapes;
  for (const bool taken : {true, false}) {
    conflict::v1::CreateDealRegistrationRequest create;
    create.set_parent(StrCat("partners/", kAsker));
    create.set_deal_id(taken ? "customer-a" : "customer-b");
    create.set_request_id(Uuid::New(absl::Now()).ToString());
    *create.mutable_deal_registration() = *rival;
    create.mutable_deal_registration()->clear_name();
    if (!taken) create.mutable_deal_registration()->set_customer_name("Nowhere Else Known GmbH");
    auto made =
        demo_.suite.client("conflict")
            .Call<conflict::v1::DealRegistration>(
                "tributary.conflict.v1.DealRegistrationService/CreateDealRegistration", create, {.token = asker_});
    ASSERT_THAT(made, IsOk());
    conflict::v1::SubmitDealRegistrationRequest submit;
    submit.set_name(made->name());
    submit.set_validate_only(true);
    absl::Time start = absl::Now();
    const auto tried =
        demo_.suite.client("conflict")
            .Call<conflict::v1::DealRegistration>(
                "tributary.conflict.v1.DealRegistrationService/SubmitDealRegistration", submit, {.token = asker_});
    ASSERT_THAT(tried, IsOk());
    EXPECT_GE(absl::Now() - start, kStep);
    EXPECT_FALSE(tried->has_conflict());
    submit.set_validate_only(false);
    submit.set_request_id(Uuid::New(absl::Now()).ToString());
    start = absl::Now();
    made = demo_.suite.client("conflict")
               .Call<conflict::v1::DealRegistration>(
                   "tributary.conflict.v1.DealRegistrationService/SubmitDealRegistration", submit, {.token = asker_});
    ASSERT_THAT(made, IsOk());
    EXPECT_GE(absl::Now() - start, kStep);
    WaitForFeed(demo_.suite, "conflict", "partner");
    conflict::v1::GetDealRegistrationRequest get;
    get.set_name(made->name());
    made = demo_.suite.client("conflict")
               .Call<conflict::v1::DealRegistration>(
                   "tributary.conflict.v1.DealRegistrationService/GetDealRegistration", get, {.token = asker_});
    ASSERT_THAT(made, IsOk());
    EXPECT_EQ(made->has_conflict(), taken);
    const std::string told = made->conflict().DebugString();
    for (const std::string& secret : {std::string(kOwner), rival->uid(), rival->customer_name()}) {
      EXPECT_EQ(told.find(secret), std::string::npos) << told;
    }
    for (const char* field : {"name", "uid", "create_time", "update_time", "customer_name", "etag", "conflict"}) {
      made->GetReflection()->ClearField(&*made, made->GetDescriptor()->FindFieldByName(field));
    }
    shapes.push_back(made->DebugString());
  }
  EXPECT_EQ(shapes[0], shapes[1]);
}

}  // namespace
}  // namespace tributary::testing
