// Replenishment policies through the whole service: made, changed and refused, and their packs.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "google/protobuf/empty.pb.h"
#include "inventory-service/replenishment/testing_replenishment.h"
#include "tributary/inventory/v1/product.pb.h"
#include "tributary/inventory/v1/unit_conversion.pb.h"

namespace tributary::inventory {
namespace {

using ::testing::ElementsAre;

class ReplenishmentPolicyServiceTest : public ReplenishmentTest {};

TEST_F(ReplenishmentPolicyServiceTest, PoliciesAreMadeChangedAndRefused) {
  const auto made = Create(NewPolicy("acme", "bike", "bikes"));
  ASSERT_OK(made);
  EXPECT_EQ(made->state(), v1::ReplenishmentPolicy::ACTIVE);
  EXPECT_EQ(made->demand_period_days(), 7);
  EXPECT_EQ(made->history_days(), 364);
  EXPECT_EQ(made->pack_size().value(), "1");
  EXPECT_FALSE(made->has_lead_time_days());
  EXPECT_THAT(Create(NewPolicy("acme", "bike", "others")), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Create(NewPolicy("acme", "pump", "bikes")), HasReason(Reason::kAlreadyExists));
  EXPECT_THAT(Create(NewPolicy("acme", "fitting", "services")), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(Create(NewPolicy("acme", "nothing", "services")), HasReason(Reason::kReferenceNotFound));
  EXPECT_THAT(Create(NewPolicy("nobody", "pump", "pumps")), HasReason(Reason::kReferenceNotFound));

  // A kit has no stock of its own: its parts are ordered again.
  v1::UpdateProductRequest kit;
  kit.mutable_product()->set_name("products/helmet");
  v1::Component& component = *kit.mutable_product()->add_components();
  component.set_product("products/pump");
  component.mutable_quantity()->set_value("1");
  *component.mutable_effective_from() = wire::ToProto(Date::FromYmd(2020, 1, 1).value());
  kit.mutable_update_mask()->add_paths("components");
  ASSERT_OK(inventory_.Call<v1::Product>("ProductService/UpdateProduct", kit));
  EXPECT_THAT(Create(NewPolicy("acme", "helmet", "helmets")), HasReason(Reason::kInvalidField));

  v1::CreateReplenishmentPolicyRequest bad = NewPolicy("acme", "pump", "pumps");
  bad.mutable_replenishment_policy()->set_site("partners/acme/sites/north");
  EXPECT_THAT(Create(bad), HasReason(Reason::kReferenceNotFound));
  bad.mutable_replenishment_policy()->set_site("partners/bolt/sites/main");
  EXPECT_THAT(Create(bad), HasReason(Reason::kInvalidField));
  bad = NewPolicy("acme", "pump", "pumps");
  bad.mutable_replenishment_policy()->mutable_service_level()->set_value("1");
  EXPECT_THAT(Create(bad), HasReason(Reason::kInvalidField));
  bad.mutable_replenishment_policy()->mutable_service_level()->set_value("0.9");
  bad.mutable_replenishment_policy()->set_kind(v1::ReplenishmentPolicy::PERIODIC);
  const auto several = Create(bad);
  ASSERT_THAT(several, HasReason(Reason::kInvalidField));
  std::vector<std::string> fields;
  for (const FieldViolation& one : DetailOf(several.status()).violations) fields.push_back(one.field);
  EXPECT_THAT(fields, ElementsAre("replenishment_policy.order_quantity", "replenishment_policy.review_period_days",
                                  "replenishment_policy.first_review_date"));

  // (s, Q) to (s, S).
  v1::UpdateReplenishmentPolicyRequest change;
  v1::ReplenishmentPolicy& policy = *change.mutable_replenishment_policy();
  policy.set_name(made->name());
  policy.set_etag(made->etag());
  policy.set_kind(v1::ReplenishmentPolicy::MIN_MAX);
  policy.mutable_max_level()->set_value("120");
  for (const char* path : {"kind", "order_quantity", "max_level"}) change.mutable_update_mask()->add_paths(path);
  const auto changed =
      inventory_.Call<v1::ReplenishmentPolicy>("ReplenishmentPolicyService/UpdateReplenishmentPolicy", change);
  ASSERT_OK(changed);
  EXPECT_EQ(changed->kind(), v1::ReplenishmentPolicy::MIN_MAX);
  EXPECT_FALSE(changed->has_order_quantity());
  EXPECT_EQ(changed->product(), "products/bike");
  EXPECT_THAT(inventory_.Call<v1::ReplenishmentPolicy>("ReplenishmentPolicyService/UpdateReplenishmentPolicy", change),
              HasReason(Reason::kEtagMismatch));
  policy.set_etag(changed->etag());
  policy.set_product("products/pump");
  change.mutable_update_mask()->add_paths("product");
  EXPECT_THAT(inventory_.Call<v1::ReplenishmentPolicy>("ReplenishmentPolicyService/UpdateReplenishmentPolicy", change),
              HasReason(Reason::kInvalidField));

  // Lists, and whose they are.
  ASSERT_OK(Create(NewPolicy("bolt", "bike", "bikes")));
  v1::ListReplenishmentPoliciesRequest list;
  list.set_parent("partners/-");
  list.set_page_size(1);
  const auto listed = [&](const rpc::CallOptions& options) {
    std::vector<std::string> names;
    list.clear_page_token();
    do {
      const auto page = inventory_.Call<v1::ListReplenishmentPoliciesResponse>(
          "ReplenishmentPolicyService/ListReplenishmentPolicies", list, options);
      EXPECT_OK(page);
      if (!page.ok()) break;
      for (const auto& one : page->replenishment_policies()) names.push_back(one.name());
      list.set_page_token(page->next_page_token());
    } while (!list.page_token().empty());
    return names;
  };
  EXPECT_THAT(listed({}),
              ElementsAre("partners/acme/replenishmentPolicies/bikes", "partners/bolt/replenishmentPolicies/bikes"));
  const rpc::CallOptions bolt{.token = keys_.Token(api::v1::PARTNER_USER, "bolt")};
  EXPECT_THAT(listed(bolt), ElementsAre("partners/bolt/replenishmentPolicies/bikes"));
  list.set_filter("kind = MIN_MAX AND product = \"products/bike\"");
  EXPECT_THAT(listed({}), ElementsAre("partners/acme/replenishmentPolicies/bikes"));
  v1::GetReplenishmentPolicyRequest get;
  get.set_name(made->name());
  EXPECT_THAT(inventory_.Call<v1::ReplenishmentPolicy>("ReplenishmentPolicyService/GetReplenishmentPolicy", get, bolt),
              HasReason(Reason::kPermissionDenied));
}

// Ordered in cases: what a case holds is read when the suggestion is made.
TEST_F(ReplenishmentPolicyServiceTest, PacksAreUnitsOfTheProduct) {
  MakeTenWeeks();
  v1::CreateReplenishmentPolicyRequest request = NewPolicy("acme", "bike", "bikes");
  v1::ReplenishmentPolicy& policy = *request.mutable_replenishment_policy();
  policy.set_kind(v1::ReplenishmentPolicy::MIN_MAX);
  policy.clear_order_quantity();
  policy.mutable_max_level()->set_value("100");
  policy.set_pack_unit("products/bike/units/case");
  EXPECT_THAT(Create(request), HasReason(Reason::kReferenceNotFound));
  policy.set_pack_unit("products/pump/units/case");
  EXPECT_THAT(Create(request), HasReason(Reason::kInvalidField));

  v1::CreateUnitConversionRequest make;
  make.set_parent("products/bike");
  make.set_unit_conversion_id("case");
  make.mutable_unit_conversion()->set_display_name("case");
  make.mutable_unit_conversion()->set_factor_num(12);
  make.mutable_unit_conversion()->set_factor_den(1);
  make.mutable_unit_conversion()->set_pack(true);
  const auto unit = inventory_.Call<v1::UnitConversion>("UnitConversionService/CreateUnitConversion", make);
  ASSERT_OK(unit);
  policy.set_pack_unit(unit->name());
  const auto made = Create(request);
  ASSERT_OK(made);
  EXPECT_EQ(made->pack_size().value(), "12");
  EXPECT_EQ(made->pack_unit(), unit->name());
  const v1::Suggestion suggestion = Only(Recompute("acme", "2026-03-16"));
  EXPECT_EQ(suggestion.wanted_quantity().value(), "80");
  EXPECT_EQ(suggestion.pack_size().value(), "12");
  EXPECT_EQ(suggestion.quantity().value(), "72");  // six whole ones below 100

  v1::DeleteUnitConversionRequest remove;
  remove.set_name(unit->name());
  ASSERT_OK(inventory_.Call<google::protobuf::Empty>("UnitConversionService/DeleteUnitConversion", remove));
  EXPECT_EQ(Only(Recompute("acme", "2026-03-16")).why_not(), v1::Suggestion::PACK_UNKNOWN);
}

}  // namespace
}  // namespace tributary::inventory
