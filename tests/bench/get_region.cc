// A read answered from memory, through the whole frame: bytes, token (cached), access, annotations, metrics, trace,
// log. The peer is a callback server of the bare library that takes the same request and answers the same message.

#include "absl/time/clock.h"
#include "common/ids/uuid.h"
#include "tests/bench/bench.h"
#include "tests/bench/load.h"
#include "tests/bench/partner_host.h"
#include "tributary/api/v1/import.pb.h"
#include "tributary/partner/v1/region.pb.h"

namespace tributary::bench {
namespace {

namespace pb = partner::v1;
constexpr char kMethod[] = "/tributary.partner.v1.RegionService/GetRegion";
constexpr char kName[] = "regions/cn-51";

void MakeRegion(rpc::Client& client) {
  pb::BatchImportRegionsRequest request;
  api::v1::CreateImportRequest import;
  import.mutable_import()->set_target("regions");
  import.mutable_import()->set_mapping("bench/regions");
  import.mutable_import()->set_source_sha256(std::string(64, '0'));
  import.set_request_id(Uuid::New(absl::Now()).ToString());
  const auto made = client.Call<api::v1::Import>("tributary.partner.v1.ImportService/CreateImport", import);
  Must(made.status(), "import");
  request.set_import(made->name());
  request.set_request_id(Uuid::New(absl::Now()).ToString());
  pb::RegionRow& row = *request.add_rows();
  row.set_row(2);
  row.mutable_region()->set_name(kName);
  row.mutable_region()->set_scheme(pb::Region::ISO_3166_2);
  row.mutable_region()->set_code("CN-51");
  row.mutable_region()->set_display_name("Sichuan");
  row.mutable_region()->set_display_name_zh("四川");
  const auto stored =
      client.Call<api::v1::BatchImportResponse>("tributary.partner.v1.RegionService/BatchImportRegions", request);
  Must(stored.status(), "regions");
  if (stored->accepted() != 1) Must(absl::UnknownError(stored->ShortDebugString()), "regions");
}

}  // namespace

void GetRegion(const Settings& settings) {
  PartnerHost host;
  MakeRegion(host.client());
  pb::GetRegionRequest request;
  request.set_name(kName);
  const auto region = host.client().Call<pb::Region>(kMethod + 1, request);
  Must(region.status(), "GetRegion");
  const BareServer peer(
      kMethod, BareServer::Handler<pb::GetRegionRequest, pb::Region>(
                   [&region](grpc::CallbackServerContext* context, const pb::GetRegionRequest*, pb::Region* reply) {
                     *reply = *region;
                     grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
                     reactor->Finish(grpc::Status::OK);
                     return reactor;
                   }));
  Load ours({.address = host.address(), .method = kMethod, .token = host.token()}, request);
  Load theirs({.address = peer.address(), .method = kMethod, .token = host.token()}, request);
  Compare(
      {.name = "get_region",
       .unit = "calls/s",
       .peer = "libgrpc++ callback server answering the same message",
       .goal = 0.7},
      settings, [&] { return ours.Run(settings.round); }, [&] { return theirs.Run(settings.round); });
}

}  // namespace tributary::bench
