#include "cli/demo/demo.h"

#include "cli/commands/commands.h"
#include "cli/demo/sample.h"
#include "common/status/status.h"

namespace tributary::cli {

void AddDemo(CLI::App& app, Context& context) {
  CLI::App* demo = app.add_subcommand("demo", "Run the main job on a running suite (./dev demo starts one)");
  auto options = std::make_shared<DemoOptions>();
  demo->add_option("--data", options->data, "Folder of the CSV files")->required();
  demo->add_option("--dataset", options->dataset, "Folder of its mappings")->required();
  demo->add_option("--summary", options->summary, "File to write the summary to");
  demo->add_option("--stop-after", options->stop_after,
                   "Stop after this step: import_..., onboard, program, accrue, close, simulate, verify or totals");
  demo->callback([&context, options] {
    context.chosen = [&context, options]() -> absl::Status {
      options->mappings = context.mappings;
      ASSIGN_OR_RETURN(std::unique_ptr<Suite> suite, Suite::Open(context.suite));
      return RunDemo(*suite, *options);
    };
  });

  CLI::App* sample = app.add_subcommand("sample", "Write the sample channel as CSV files");
  auto folder = std::make_shared<std::string>();
  auto seed = std::make_shared<uint64_t>(1);
  sample->add_option("--out", *folder, "Folder to write them to")->required();
  sample->add_option("--seed", *seed, "Another seed, another channel");
  sample->callback(
      [&context, folder, seed] { context.chosen = [folder, seed] { return WriteSampleChannel(*folder, *seed); }; });
}

}  // namespace tributary::cli
