#include "common/rpc/validation.h"

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "common/status/status_matchers.h"
#include "google/protobuf/text_format.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/conflict/v1/remedy.pb.h"
#include "tributary/events/v1/feed.pb.h"
#include "tributary/incentive/v1/program_service.pb.h"
#include "tributary/inventory/v1/sell_through_sale.pb.h"
#include "tributary/inventory/v1/shipment.pb.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::rpc {
namespace {

using ::google::protobuf::Message;
using ::google::protobuf::TextFormat;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Paths(const absl::Status& status) {
  std::vector<std::string> paths;
  for (const FieldViolation& violation : DetailOf(status).violations) paths.push_back(violation.field);
  return paths;
}

template <typename T>
T Parse(const std::string& text) {
  T message;
  EXPECT_TRUE(TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

constexpr char kDeal[] = R"(
  parent: "partners/p-1"
  deal_registration {
    customer_name: "Acme" regions: "regions/cn-50" route: "RESELL"
    effective_from { year: 2026 month: 7 day: 1 } effective_to { year: 2026 month: 10 day: 1 }
    value { currency_code: "CNY" units: 1000 nanos: 500000000 }
  }
  request_id: "0190163d-8694-739b-aea5-966c26f8ad91" deal_id: "d-1")";

constexpr char kProgram[] = R"(
  program {
    display_name: "Growth" basis: ORDER shape: MARGINAL period: QUARTER currency: "USD"
    tiers { from_amount { value: "0" } rate { value: "0.01" } }
    effective_from { year: 2026 month: 1 day: 1 }
  })";

constexpr char kSale[] = R"(
  parent: "partners/p-1"
  sell_through_sale {
    document: "S-1" line: 1 sale_date { year: 2026 month: 2 day: 28 } product: "products/310"
    quantity { value: "-2.5" } region: "regions/cn-50"
  })";

struct Case {
  std::string name;
  std::string edit;    // text format, merged into the request
  std::string clear;   // the top field cleared before, where any
  std::string blamed;  // the paths of the violations, separated by spaces
};

// Applies each edit to the request and compares the violations.
template <typename Request>
void Check(const char* base, const std::vector<Case>& cases) {
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    Request request = Parse<Request>(base);
    if (!c.clear.empty()) {
      request.GetReflection()->ClearField(&request, request.GetDescriptor()->FindFieldByName(c.clear));
    }
    TextFormat::Parser parser;
    ASSERT_TRUE(parser.MergeFromString(c.edit, &request)) << c.edit;
    const absl::Status status = Validate(request);
    EXPECT_EQ(StrJoin(Paths(status), " "), c.blamed) << status;
    EXPECT_EQ(status.ok(), c.blamed.empty());
  }
}

std::string Zh(int characters) {
  std::string text;
  for (int i = 0; i < characters; ++i) text += "渠";
  return text;
}

TEST(ValidationTest, Deal) {
  const std::string d = "deal_registration ";
  Check<conflict::v1::CreateDealRegistrationRequest>(
      kDeal,
      {
          {"as it is", "", "", ""},
          {"no parent", "", "parent", "parent"},
          {"no resource", "", "deal_registration", "deal_registration"},
          {"required fields, all told", "deal_registration {}", "deal_registration",
           "deal_registration.customer_name deal_registration.regions deal_registration.effective_from "
           "deal_registration.effective_to"},
          {"characters, not bytes", d + "{ customer_name: \"" + Zh(255) + "\" }", "", ""},
          {"one character too many", d + "{ customer_name: \"" + Zh(256) + "\" }", "",
           "deal_registration.customer_name"},
          {"default length", d + "{ etag: \"" + std::string(1025, 'x') + "\" }", "", "deal_registration.etag"},
          {"code with a space", d + "{ route: \"re sell\" }", "", "deal_registration.route"},
          {"code in another script", d + "{ route: \"分销\" }", "", "deal_registration.route"},
          {"resource id", "deal_id: \"-d\"", "", "deal_id"},
          {"upper-case id", "deal_id: \"D\"", "", "deal_id"},
          {"request id", "request_id: \"1234\"", "", "request_id"},
          {"name of another kind", d + "{ name: \"partners/p-1/claims/c-1\" }", "", "deal_registration.name"},
          {"empty element", d + "{ regions: \"\" regions: \"regions/x\" }", "", "deal_registration.regions[1]"},
          {"no such day", d + "{ effective_to { month: 2 day: 30 } }", "", "deal_registration.effective_to"},
          {"month without a day", d + "{ effective_to { year: 2026 month: 2 day: 0 } }", "",
           "deal_registration.effective_to"},
          {"currency", d + "{ value { currency_code: \"XXQ\" } }", "", "deal_registration.value.currency_code"},
          {"points are no money", d + "{ value { currency_code: \"PTS\" } }", "",
           "deal_registration.value.currency_code"},
          {"nanos beyond", d + "{ value { nanos: 1000000000 } }", "", "deal_registration.value.nanos"},
          {"nanos of another sign", d + "{ value { nanos: -1000 } }", "", "deal_registration.value.nanos"},
          {"seven decimals", d + "{ value { nanos: 100 } }", "", "deal_registration.value.nanos"},
          {"six decimals", d + "{ value { nanos: 1000 } }", "", ""},
          {"negative", d + "{ value { units: -1 nanos: 0 } }", "", "deal_registration.value"},
          {"too much", d + "{ value { units: 1000000000000 } }", "", "deal_registration.value"},
          {"several at once",
           "deal_id: \"-\" request_id: \"x\" deal_registration { route: \"/\" value { units: 9223372036854775807 } }",
           "", "deal_registration.route deal_registration.value request_id deal_id"},
      });
}

TEST(ValidationTest, Program) {
  Check<incentive::v1::CreateProgramRequest>(
      kProgram,
      {
          {"as it is", "", "", ""},
          {"unknown enum number", "program { shape: 77 }", "", "program.shape"},
          {"zero is unset", "program { shape: SHAPE_UNSPECIFIED basis: BASIS_UNSPECIFIED }", "",
           "program.basis program.shape"},
          {"currency code", "program { currency: \"usd\" }", "", "program.currency"},
          {"points where a program may pay them", "program { currency: \"PTS\" }", "", ""},
          {"nested element", "program { tiers { from_amount { value: \"1e3\" } } }", "",
           "program.tiers[1].from_amount"},
          {"nested element without what it needs", "program { tiers { rate { value: \"0.01\" } } }", "",
           "program.tiers[1].from_amount"},
          {"nested range", "program { tiers { from_amount { value: \"-1\" } rate { value: \"1.01\" } } }", "",
           "program.tiers[1].from_amount program.tiers[1].rate"},
          {"seven decimals", "program { tiers { from_amount { value: \"1.0000001\" } rate { value: \"1\" } } }", "",
           "program.tiers[1].from_amount"},
          {"empty decimal", "program { tiers { from_amount {} rate { value: \"1\" } } }", "",
           "program.tiers[1].from_amount"},
      });
}

TEST(ValidationTest, Sale) {
  Check<inventory::v1::CreateSellThroughSaleRequest>(
      kSale, {
                 {"as it is", "", "", ""},
                 {"line 0 is no line", "sell_through_sale {}", "sell_through_sale",
                  "sell_through_sale.document sell_through_sale.line sell_through_sale.sale_date "
                  "sell_through_sale.product sell_through_sale.region"},
                 {"line below", "sell_through_sale { line: -1 }", "", "sell_through_sale.line"},
                 {"line above", "sell_through_sale { line: 1000001 }", "", "sell_through_sale.line"},
                 {"quantity", "sell_through_sale { quantity { value: \"NaN\" } }", "", "sell_through_sale.quantity"},
                 {"absurd", "sell_through_sale { quantity { value: \"1000000000.000001\" } }", "",
                  "sell_through_sale.quantity"},
                 {"no leap year", "sell_through_sale { sale_date { day: 29 } }", "", "sell_through_sale.sale_date"},
                 {"code with a slash", "sell_through_sale { document: \"a/b\" }", "", "sell_through_sale.document"},
             });
}

TEST(ValidationTest, Lines) {
  Check<conflict::v1::ApplyRemedyRequest>(
      "name: \"cases/c\" measures { kind: WARNING partner: \"partners/p-1\" reason: \"窜货, 35 units\" }",
      {
          {"as it is", "", "", ""},
          {"two lines", "measures { kind: WARNING reason: \"one\\ntwo\" }", "", "measures[1].reason"},
          {"a control character", "measures { kind: WARNING reason: \"\\177\" }", "", "measures[1].reason"},
      });
}

TEST(ValidationTest, IntegersAndCounts) {
  Check<events::v1::StreamEventsRequest>("cursors { shard: 63 seq: 5 }",
                                         {
                                             {"as it is", "", "", ""},
                                             {"required list", "", "cursors", "cursors"},
                                             {"zero is in range", "cursors {}", "", ""},
                                             {"shard", "cursors { shard: 64 }", "", "cursors[1].shard"},
                                             {"seq", "cursors { seq: -1 }", "", "cursors[1].seq"},
                                         });
  auto many = Parse<events::v1::StreamEventsRequest>("");
  for (int i = 0; i < 65; ++i) many.add_cursors();
  EXPECT_THAT(Paths(Validate(many)), ElementsAre("cursors"));
  auto pages = Parse<conflict::v1::ListDealRegistrationsRequest>("parent: \"partners/-\" page_size: -1");
  EXPECT_THAT(Paths(Validate(pages)), ElementsAre("page_size"));
  auto sha =
      Parse<api::v1::CreateImportRequest>("import { target: \"shipments\" mapping: \"m\" source_sha256: \"ABC\" }");
  EXPECT_THAT(Paths(Validate(sha)), ElementsAre("import.source_sha256"));
}

TEST(ValidationTest, TimeZones) {
  for (const auto& [zone, good] : std::vector<std::pair<std::string, bool>>{{"Asia/Shanghai", true},
                                                                            {"UTC", true},
                                                                            {"America/Argentina/Salta", true},
                                                                            {"Mars/Olympus", false},
                                                                            {"../etc/passwd", false},
                                                                            {"Asia/../Asia/Shanghai", false},
                                                                            {"Fixed/UTC+08:00:00", false},
                                                                            {"Asia", false}}) {
    partner::v1::UpdatePartnerRequest request;
    request.mutable_partner()->set_name("partners/p-1");
    request.mutable_partner()->set_time_zone(zone);
    EXPECT_EQ(Validate(request).ok(), good) << zone;
  }
}

TEST(ValidationTest, InvalidUtf8IsNamed) {
  auto request = Parse<conflict::v1::CreateDealRegistrationRequest>(kDeal);
  request.mutable_deal_registration()->set_customer_name("Ac\xC0\xAFme");
  request.mutable_deal_registration()->add_product_lines("\xED\xA0\x80");
  const absl::Status status = Validate(request);
  EXPECT_THAT(Paths(status), ElementsAre("deal_registration.customer_name", "deal_registration.product_lines[0]"));
  EXPECT_EQ(DetailOf(status).violations[0].got, "Ac\\xc0\\xafme");
}

TEST(ValidationTest, OutputOnlyFieldsAreClearedAtEveryDepth) {
  auto request = Parse<conflict::v1::CreateDealRegistrationRequest>(kDeal);
  request.mutable_deal_registration()->set_state(conflict::v1::DealRegistration::SUBMITTED);
  request.mutable_deal_registration()->set_uid("not even\xFF valid");
  request.mutable_deal_registration()->mutable_create_time()->set_seconds(1);
  ASSERT_THAT(Validate(request), IsOk());
  EXPECT_EQ(request.SerializeAsString(), Parse<conflict::v1::CreateDealRegistrationRequest>(kDeal).SerializeAsString());

  inventory::v1::ShipmentLineRow row;
  row.mutable_line()->set_product_line("productLines/forged");
  EXPECT_FALSE(Validate(row).ok());
  EXPECT_EQ(row.line().product_line(), "");
}

TEST(ValidationTest, UnknownFieldsAreKept) {
  auto request = Parse<conflict::v1::GetDealRegistrationRequest>("name: \"partners/p-1/deals/d-1\"");
  request.GetReflection()->MutableUnknownFields(&request)->AddVarint(999, 7);
  const std::string before = request.SerializeAsString();
  ASSERT_THAT(Validate(request), IsOk());
  EXPECT_EQ(request.SerializeAsString(), before);
}

TEST(ValidationTest, RowsOfABatchAreCountedOnly) {
  inventory::v1::BatchImportShipmentsRequest request;
  EXPECT_THAT(Paths(Validate(request)), ElementsAre("rows"));
  request.add_rows()->mutable_line()->set_line(-5);
  EXPECT_THAT(Validate(request), IsOk());
  EXPECT_THAT(Paths(Validate(*request.mutable_rows(0))),
              ::testing::IsSupersetOf({"row", "line.partner", "line.line", "line.net_amount"}));
  for (int i = 0; i < 2000; ++i) request.add_rows();
  EXPECT_THAT(Paths(Validate(request)), ElementsAre("rows"));
}

TEST(ValidationTest, UpdatesNeedOnlyWhatTheyChange) {
  const std::string base = "partner { name: \"partners/p-1\" account_manager: \"91\" } ";
  Check<partner::v1::UpdatePartnerRequest>(
      base.c_str(),
      {
          {"no mask: what is set", "", "", ""},
          {"a mask over what is set", "update_mask { paths: \"account_manager\" }", "", ""},
          {"a required field made empty", "update_mask { paths: \"legal_name\" }", "", "partner.legal_name"},
          {"replacing all", "update_mask { paths: \"*\" }", "", "partner.legal_name partner.kind partner.currency"},
          {"no name", "partner { account_manager: \"91\" }", "partner", "partner.name"},
          {"no resource", "", "partner", "partner"},
          {"renaming", "update_mask { paths: \"account_manager\" paths: \"name\" }", "", "update_mask.paths[1]"},
          {"output-only in the mask is ignored", "update_mask { paths: \"state\" }", "", ""},
          {"an element is given whole",
           "partner { addresses { country: \"CN\" } } update_mask { paths: \"addresses\" }", "",
           "partner.addresses[0].kind partner.addresses[0].text"},
          {"without a mask too", "partner { addresses { kind: BILLING } }", "", "partner.addresses[0].text"},
          {"one that does not count", "partner { addresses { } } update_mask { paths: \"account_manager\" }", "", ""},
          {"formats hold in any case", "partner { currency: \"EURO\" }", "", "partner.currency"},
      });
}

TEST(ValidationTest, AnAbsurdNumberOfViolationsIsCut) {
  auto request = Parse<incentive::v1::CreateProgramRequest>(kProgram);
  for (int i = 0; i < 49; ++i) {
    auto* tier = request.mutable_program()->add_tiers();
    tier->mutable_from_amount()->set_value("x");
    tier->mutable_rate()->mutable_value()->assign("y");
  }
  auto deal = Parse<conflict::v1::CreateDealRegistrationRequest>(kDeal);
  for (int i = 0; i < 99; ++i) {
    deal.mutable_deal_registration()->add_regions("");
    deal.mutable_deal_registration()->add_product_lines("");
  }
  EXPECT_EQ(Paths(Validate(request)).size(), 98u);
  EXPECT_EQ(Paths(Validate(deal)).size(), 100u);
}

TEST(ValidationTest, FirstUseOnManyThreads) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([] {
      for (int n = 0; n < 100; ++n) {
        auto deal = Parse<conflict::v1::CreateDealRegistrationRequest>(kDeal);
        EXPECT_THAT(Validate(deal), IsOk());
        auto program = Parse<incentive::v1::CreateProgramRequest>(kProgram);
        EXPECT_THAT(Paths(Validate(program)), IsEmpty());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace tributary::rpc
