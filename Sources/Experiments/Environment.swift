import Autograd
import Foundation

/// The environment variables of the program.
enum Environment {
    /// Throws if a variable has an invalid value, before any work begins.
    static func check() throws(UsageError) {
        if let problem = problemWithKernelsAskedFor() {
            throw UsageError("TAPESTRY_KERNELS: \(problem)")
        }
        for (name, least) in [("TAPESTRY_THREADS", 1), ("TAPESTRY_FUSED_FROM", 0)] {
            guard let text = ProcessInfo.processInfo.environment[name], !text.isEmpty else {
                continue
            }
            guard let number = Int(text), number >= least else {
                throw UsageError("\(name)=\(text): expected a whole number from \(least)")
            }
        }
    }
}
