// Partners' codes through the wire.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "common/status/status_matchers.h"
#include "common/text/text.h"
#include "google/protobuf/empty.pb.h"
#include "inventory-service/testing_catalog.h"
#include "tributary/inventory/v1/partner_code.pb.h"
#include "tributary/inventory/v1/site.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

class PartnerCodesTest : public CatalogTest {
 protected:
  v1::CreatePartnerCodeRequest NewCode(const char* code, const char* target, const char* from, const char* to = "") {
    v1::CreatePartnerCodeRequest request;
    request.set_parent("partners/acme");
    request.mutable_partner_code()->set_kind(v1::PartnerCode::PRODUCT);
    request.mutable_partner_code()->set_code(code);
    request.mutable_partner_code()->set_target(target);
    *request.mutable_partner_code()->mutable_effective_from() = Day(from);
    if (*to != '\0') *request.mutable_partner_code()->mutable_effective_to() = Day(to);
    return request;
  }
  absl::StatusOr<v1::PartnerCode> Create(const v1::CreatePartnerCodeRequest& request) {
    return inventory_.Call<v1::PartnerCode>("PartnerCodeService/CreatePartnerCode", request);
  }
};

TEST_F(PartnerCodesTest, ACodeLives) {
  const auto old = Create(NewCode("4711", "products/bike", "2026-01-01", "2026-06-01"));
  ASSERT_OK(old);
  const auto next = Create(NewCode("4711", "products/trike", "2026-06-01"));
  ASSERT_OK(next);
  EXPECT_FALSE(next->has_effective_to());
  EXPECT_THAT(Create(NewCode("4711", "products/trike", "2026-05-31", "2026-06-01")),
              HasReason(Reason::kValidityOverlap));

  // To move the border, the one gives way before the other comes.
  v1::UpdatePartnerCodeRequest update;
  update.mutable_partner_code()->set_name(next->name());
  update.mutable_partner_code()->set_etag(next->etag());
  *update.mutable_partner_code()->mutable_effective_from() = Day("2026-05-01");
  update.mutable_update_mask()->add_paths("effective_from");
  const auto change = [&] { return inventory_.Call<v1::PartnerCode>("PartnerCodeService/UpdatePartnerCode", update); };
  EXPECT_THAT(change(), HasReason(Reason::kValidityOverlap));
  v1::UpdatePartnerCodeRequest shorten;
  shorten.mutable_partner_code()->set_name(old->name());
  *shorten.mutable_partner_code()->mutable_effective_to() = Day("2026-05-01");
  ASSERT_OK(inventory_.Call<v1::PartnerCode>("PartnerCodeService/UpdatePartnerCode", shorten));
  const auto moved = change();
  ASSERT_OK(moved);
  EXPECT_EQ(moved->target(), "products/trike");
  EXPECT_NE(moved->etag(), next->etag());
  EXPECT_THAT(change(), HasReason(Reason::kEtagMismatch));
  update.mutable_partner_code()->set_etag(moved->etag());
  update.mutable_partner_code()->set_code("4712");
  update.mutable_update_mask()->set_paths(0, "code");
  EXPECT_THAT(change(), HasReason(Reason::kInvalidField));

  // A code is found by what it is.
  v1::ListPartnerCodesRequest list;
  list.set_parent("partners/-");
  list.set_filter("kind = PRODUCT AND code = \"4711\" AND target = \"products/trike\"");
  const auto found = inventory_.Call<v1::ListPartnerCodesResponse>("PartnerCodeService/ListPartnerCodes", list);
  ASSERT_OK(found);
  ASSERT_THAT(found->partner_codes(), SizeIs(1));
  EXPECT_EQ(found->partner_codes(0).name(), next->name());

  v1::DeletePartnerCodeRequest remove;
  remove.set_name(next->name());
  remove.set_etag(next->etag());
  const auto removed = [&] {
    return inventory_.Call<google::protobuf::Empty>("PartnerCodeService/DeletePartnerCode", remove);
  };
  EXPECT_THAT(removed(), HasReason(Reason::kEtagMismatch));
  remove.set_etag(moved->etag());
  remove.set_request_id(Uuid::New(absl::Now()).ToString());
  ASSERT_OK(removed());
  ASSERT_OK(removed()) << "the stored answer";
  remove.clear_request_id();
  EXPECT_THAT(removed(), HasReason(Reason::kNotFound));
  EXPECT_OK(Create(NewCode("4711", "products/trike", "2026-07-01")));
}

TEST_F(PartnerCodesTest, ACodeStandsForWhatIsThere) {
  EXPECT_THAT(Create(NewCode("1", "products/nothing", "2026-01-01")), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(Create(NewCode("1", "customers/c1", "2026-01-01")), HasReason(Reason::kInvalidField));
  v1::CreatePartnerCodeRequest site = NewCode("1", "partners/acme/sites/north", "2026-01-01");
  site.mutable_partner_code()->set_kind(v1::PartnerCode::SITE);
  EXPECT_THAT(Create(site), HasReason(Reason::kReferenceNotFound));
  v1::CreateSiteRequest north;
  north.set_parent("partners/acme");
  north.set_site_id("north");
  north.mutable_site()->set_display_name("North");
  ASSERT_OK(inventory_.Call<v1::Site>("SiteService/CreateSite", north));
  EXPECT_OK(Create(site));
  v1::CreatePartnerCodeRequest customer = NewCode("1", "customers/c1", "2026-01-01");
  customer.mutable_partner_code()->set_kind(v1::PartnerCode::CUSTOMER);
  EXPECT_OK(Create(customer)) << "the same text may name a thing of each kind";
  customer.set_parent("partners/nobody");
  EXPECT_THAT(Create(customer), HasReason(Reason::kReferenceNotFound));
}

TEST_F(PartnerCodesTest, OfManyWhoClaimACodeAtOnceOneGetsIt) {
  std::atomic<int> made = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < 8; ++i) {
    clients.emplace_back([&, i] {
      // Different first days, so that no key but the decision itself keeps them apart.
      const auto code = Create(NewCode("4711", "products/bike", StrCat("2026-01-0", i + 1).c_str()));
      if (code.ok()) {
        ++made;
      } else {
        EXPECT_THAT(code, HasReason(Reason::kValidityOverlap));
      }
    });
  }
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(made, 1);
}

TEST_F(PartnerCodesTest, PartnersReadTheirOwnCodesAlone) {
  const auto code = Create(NewCode("4711", "products/bike", "2026-01-01"));
  ASSERT_OK(code);
  v1::GetPartnerCodeRequest get;
  get.set_name(code->name());
  const auto read = [&](const std::string& partner) {
    return inventory_.Call<v1::PartnerCode>("PartnerCodeService/GetPartnerCode", get,
                                            As(api::v1::PARTNER_USER, partner));
  };
  EXPECT_OK(read("acme"));
  EXPECT_THAT(read("bolt"), HasReason(Reason::kPermissionDenied));
  v1::ListPartnerCodesRequest list;
  list.set_parent("partners/-");
  const auto codes = inventory_.Call<v1::ListPartnerCodesResponse>("PartnerCodeService/ListPartnerCodes", list,
                                                                   As(api::v1::PARTNER_USER, "bolt"));
  ASSERT_OK(codes);
  EXPECT_THAT(codes->partner_codes(), IsEmpty());
  EXPECT_THAT(
      inventory_.Call<v1::PartnerCode>("PartnerCodeService/CreatePartnerCode",
                                       NewCode("1", "products/bike", "2026-01-01"), As(api::v1::PARTNER_USER, "acme")),
      HasReason(Reason::kPermissionDenied));
}

}  // namespace
}  // namespace tributary::inventory
