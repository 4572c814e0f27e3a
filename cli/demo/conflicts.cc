// The three injected conflicts, and what the rules make of them: also of the vendor's own sales in the two territories
// that become exclusive.

#include "cli/demo/demo.h"
#include "cli/resources.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/wire/wire.h"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/conflict/v1/finding.pb.h"
#include "tributary/inventory/v1/product.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/territory_grant.pb.h"

namespace tributary::cli {
namespace {

absl::Status UnlessThere(const absl::Status& status) {
  return status.code() == absl::StatusCode::kAlreadyExists ? absl::OkStatus() : status;
}

absl::StatusOr<std::string> TerritoryOf(DemoRun& run, const std::string& partner) {
  partner::v1::GetTerritoryGrantRequest get;
  get.set_name(StrCat(partner, "/territoryGrants/home"));
  ASSIGN_OR_RETURN(partner::v1::TerritoryGrant grant,
                   run.suite.partner().Call<partner::v1::TerritoryGrant>(
                       "tributary.partner.v1.TerritoryGrantService/GetTerritoryGrant", get));
  return grant.regions(0);
}

absl::Status GrantExclusively(DemoRun& run, const std::string& partner, const std::string& region,
                              const std::string& product_line, int from_days, int days) {
  partner::v1::CreateTerritoryGrantRequest create;
  create.set_parent(partner);
  create.set_territory_grant_id("demo-exclusive");
  create.set_request_id(NewRequestId());
  auto* grant = create.mutable_territory_grant();
  grant->add_regions(region);
  grant->add_product_lines(product_line);
  grant->set_exclusivity(partner::v1::TerritoryGrant::EXCLUSIVE);
  create.set_allow_overlap(true);  // the conflict that is to be found
  const Date from = run.manifest.effective_from.AddDays(from_days);
  *grant->mutable_effective_from() = wire::ToProto(from);
  *grant->mutable_effective_to() = wire::ToProto(from.AddDays(days));
  return UnlessThere(
      run.suite.partner()
          .Call<partner::v1::TerritoryGrant>("tributary.partner.v1.TerritoryGrantService/CreateTerritoryGrant", create)
          .status());
}

absl::Status RegisterDeal(DemoRun& run, const std::string& partner, const std::string& customer,
                          const std::string& region, const std::string& product_line) {
  conflict::v1::CreateDealRegistrationRequest create;
  create.set_parent(partner);
  create.set_deal_id("demo-deal");
  create.set_request_id(NewRequestId());
  auto* deal = create.mutable_deal_registration();
  deal->set_customer_name(customer);
  deal->add_regions(region);
  deal->add_product_lines(product_line);
  *deal->mutable_effective_from() = wire::ToProto(run.manifest.effective_from);
  *deal->mutable_effective_to() = wire::ToProto(run.manifest.effective_from.AddDays(90));
  RETURN_IF_ERROR(UnlessThere(run.suite.conflict()
                                  .Call<conflict::v1::DealRegistration>(
                                      "tributary.conflict.v1.DealRegistrationService/CreateDealRegistration", create)
                                  .status()));
  conflict::v1::SubmitDealRegistrationRequest submit;
  submit.set_name(StrCat(partner, "/deals/demo-deal"));
  submit.set_request_id(NewRequestId());
  const absl::Status status = run.suite.conflict()
                                  .Call<conflict::v1::DealRegistration>(
                                      "tributary.conflict.v1.DealRegistrationService/SubmitDealRegistration", submit)
                                  .status();
  return status.code() == absl::StatusCode::kFailedPrecondition ? absl::OkStatus() : status;
}

}  // namespace

absl::Status InjectConflicts(DemoRun& run) {
  // Three partners, the third from another territory than the first two need be.
  partner::v1::ListPartnersRequest list;
  list.set_page_size(1000);
  list.set_filter("state = ACTIVE");
  ASSIGN_OR_RETURN(partner::v1::ListPartnersResponse partners,
                   run.suite.partner().Call<partner::v1::ListPartnersResponse>(
                       "tributary.partner.v1.PartnerService/ListPartners", list));
  if (partners.partners_size() < 4) return absl::FailedPreconditionError("want four active partners");
  const std::string first = partners.partners(0).name();
  const std::string second = partners.partners(1).name();
  const std::string seller = partners.partners(2).name();
  ASSIGN_OR_RETURN(std::string territory, TerritoryOf(run, first));
  ASSIGN_OR_RETURN(std::string own, TerritoryOf(run, seller));
  std::string foreign;
  for (int i = 0; i < partners.partners_size() && foreign.empty(); ++i) {
    ASSIGN_OR_RETURN(std::string region, TerritoryOf(run, partners.partners(i).name()));
    if (region != own) foreign = region;
  }
  if (foreign.empty()) return absl::FailedPreconditionError("want partners of two territories");
  ASSIGN_OR_RETURN(
      inventory::v1::ListProductLinesResponse lines,
      run.suite.inventory().Call<inventory::v1::ListProductLinesResponse>(
          "tributary.inventory.v1.ProductService/ListProductLines", inventory::v1::ListProductLinesRequest()));
  if (lines.product_lines_size() == 0) return absl::FailedPreconditionError("want a product line");
  const std::string line = lines.product_lines(0).name();

  RETURN_IF_ERROR(GrantExclusively(run, first, territory, line, 0, 365));
  RETURN_IF_ERROR(GrantExclusively(run, second, territory, line, 180, 365));
  RETURN_IF_ERROR(RegisterDeal(run, first, run.manifest.deal_customer, territory, line));
  RETURN_IF_ERROR(RegisterDeal(run, second, run.manifest.deal_customer_again, territory, line));

  inventory::v1::ListProductsRequest list_products;
  list_products.set_filter(StrCat("product_line = \"", line, "\""));
  ASSIGN_OR_RETURN(inventory::v1::ListProductsResponse products,
                   run.suite.inventory().Call<inventory::v1::ListProductsResponse>(
                       "tributary.inventory.v1.ProductService/ListProducts", list_products));
  if (products.products_size() == 0) return absl::FailedPreconditionError("want a product of the line");
  inventory::v1::CreateSellThroughSaleRequest sale;
  sale.set_parent(seller);
  sale.set_request_id(NewRequestId());
  sale.mutable_sell_through_sale()->set_document("DEMO-1");
  sale.mutable_sell_through_sale()->set_line(1);
  sale.mutable_sell_through_sale()->set_product(products.products(0).name());
  sale.mutable_sell_through_sale()->mutable_quantity()->set_value("1");
  sale.mutable_sell_through_sale()->set_region(foreign);
  *sale.mutable_sell_through_sale()->mutable_sale_date() = wire::ToProto(run.manifest.effective_from.AddDays(200));
  return UnlessThere(run.suite.inventory()
                         .Call<inventory::v1::SellThroughSale>(
                             "tributary.inventory.v1.SellThroughSaleService/CreateSellThroughSale", sale)
                         .status());
}

absl::Status CountFindings(DemoRun& run, const std::string& key) {
  RETURN_IF_ERROR(WaitForFeed(run, "conflict", "partner"));
  RETURN_IF_ERROR(WaitForFeed(run, "conflict", "inventory"));
  nlohmann::ordered_json counts = {
      {"EXCLUSIVE_OVERLAP", 0}, {"DUPLICATE_DEAL", 0}, {"OUT_OF_TERRITORY", 0}, {"DIRECT_VS_PARTNER", 0}};
  RETURN_IF_ERROR(ListAll<conflict::v1::ListFindingsResponse>(
      run.suite.conflict(), "tributary.conflict.v1.FindingService/ListFindings", conflict::v1::ListFindingsRequest(),
      [&](const conflict::v1::ListFindingsResponse& page) {
        for (const auto& finding : page.findings()) {
          auto& count = counts[conflict::v1::Finding::Kind_Name(finding.kind())];
          count = count.get<int>() + 1;
        }
      }));
  run.summary[key] = counts;
  return absl::OkStatus();
}

}  // namespace tributary::cli
