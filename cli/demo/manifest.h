#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/time/date.h"
#include "tributary/incentive/v1/program.pb.h"

namespace tributary::cli {

// What the main job does with a data set: demo.yaml beside its mappings.
struct Manifest {
  std::string dataset;                         // the folder's name
  std::vector<std::string> reference_imports;  // mappings, in order: regions, products, applications
  std::vector<std::string> fact_imports;       // mappings of the facts
  Date effective_from;                         // of agreements, grants and program
  std::string agreement_title;
  std::string agreement_text;
  incentive::v1::Program program;  // marginal; the same as retroactive is simulated
  std::string program_id;
  // The injected conflicts: one company under two spellings.
  std::string deal_customer;
  std::string deal_customer_again;
};

absl::StatusOr<Manifest> ReadManifest(const std::string& mappings, const std::string& dataset);

}  // namespace tributary::cli
