// JSON from outside: what our reader takes another strict parser takes too, and what passes the check against a message
// is a message to protobuf.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "common/json/json_scan.h"
#include "gateway/transcoding/json_check.h"
#include "google/protobuf/message.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"
#include "tributary/conflict/v1/deal_registration.pb.h"
#include "tributary/partner/v1/partner.pb.h"
#include "tributary/partner/v1/region.pb.h"

namespace {

// Says what another parser thinks of the text, but for numbers that only a double could not hold.
struct Opinion : nlohmann::json_sax<nlohmann::json> {
  bool refused = false;
  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return true; }
  bool start_object(size_t) override { return true; }
  bool key(string_t&) override { return true; }
  bool end_object() override { return true; }
  bool start_array(size_t) override { return true; }
  bool end_array() override { return true; }
  bool parse_error(size_t, const std::string&, const nlohmann::detail::exception& error) override {
    constexpr int kNumberOverflow = 406;
    refused = error.id != kNumberOverflow;
    return false;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace tributary;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto value = ScanJson(text);
  if (!value.ok()) return 0;
  Opinion opinion;
  nlohmann::json::sax_parse(text, &opinion);
  if (opinion.refused) std::abort();
  for (const google::protobuf::Message* prototype : std::initializer_list<const google::protobuf::Message*>{
           &partner::v1::UpdatePartnerRequest::default_instance(),
           &partner::v1::BatchImportRegionsRequest::default_instance(),
           &conflict::v1::DealRegistration::default_instance()}) {
    if (!gateway::CheckJson(*value, *prototype->GetDescriptor()).ok()) continue;
    const std::unique_ptr<google::protobuf::Message> message(prototype->New());
    if (!google::protobuf::util::JsonStringToMessage(std::string(text), message.get()).ok()) std::abort();
  }
  return 0;
}
