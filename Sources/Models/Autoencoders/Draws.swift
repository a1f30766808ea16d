import Autograd
import Foundation

/// How the draws of a pass are combined: each sample may have several codes, and then everything that
/// is computed of codes has as many rows for each sample, draw after draw, each of all samples.
public struct Draws: Sendable {
    /// How many codes each sample has.
    public let count: Int
    /// The logarithms of the shares with which the draws count, `[count, batch]`; nil if they are
    /// equal.
    public let logShares: Tensor?

    /// One code for each sample.
    public static let one = Draws(1)

    /// Traps if the count is not positive, or the shares are not of so many draws.
    public init(_ count: Int, logShares: Tensor? = nil) {
        guard count > 0, logShares == nil || logShares?.shape.first == count else {
            programmerError(
                "Draws", "\(count) draws with shares of shape \(logShares?.shape ?? [])")
        }
        (self.count, self.logShares) = (count, logShares)
    }

    /// A tensor of the samples as one of all draws, `[batch, …]` to `[count * batch, …]`.
    public func repeated(_ samples: Tensor) -> Tensor {
        guard count > 1 else { return samples }
        let rows = [count * samples.shape[0]] + samples.shape.dropFirst()
        return samples.broadcast(to: [count] + samples.shape).reshaped(rows)
    }

    /// Of each draw the draws of something else, whose samples are the rows of all these draws: in the
    /// order of rows so drawn.
    func each(_ inner: Draws) -> Draws {
        guard inner.count > 1 else { return self }
        let all = count * inner.count
        let outer = logShares.map { Draws(inner.count).repeated($0) }
        let own = inner.logShares?.reshaped([all, -1])
        let both = outer.map { outer in own.map { outer + $0 } ?? outer - log(Double(inner.count)) }
        return Draws(all, logShares: both ?? own.map { $0 - log(Double(count)) })
    }

    /// The means over the draws, `[count * batch, …]` to `[batch, …]`.
    public func mean(_ values: Tensor) -> Tensor {
        guard count > 1 else { return values }
        let rest = values.shape.dropFirst()
        let each = values.reshaped([count, values.shape[0] / count] + rest)
        guard let logShares else { return each.mean(axes: [0]) }
        let shares = exp(logShares).reshaped(each.shape.prefix(2) + rest.map { _ in 1 })
        return (shares * each).sum(axes: [0])
    }

    /// The logarithms of the means over the draws of numbers whose logarithms are given,
    /// `[count * batch]`, in groups of draws that follow one another, to `[groups, batch]`. Traps if
    /// the draws do not divide into the groups.
    public func logMean(_ logarithms: Tensor, groups: Int = 1) -> Tensor {
        guard groups > 0, count % groups == 0 else {
            programmerError("Draws", "\(count) draws do not divide into \(groups) groups")
        }
        let counted = counted(logarithms)
        return counted.reshaped([groups, count / groups, counted.shape[1]])
            .logSumExp(axes: [1]) - log(Double(count / groups))
    }

    /// The shares of the draws in the mean of numbers whose logarithms are given, `[count * batch]`
    /// to `[count, batch]`.
    public func shares(_ logarithms: Tensor) -> Tensor {
        softmax(counted(logarithms), axis: 0)
    }

    /// The logarithms of numbers whose plain mean is the mean over the draws, `[count * batch]` to
    /// `[count, batch]`.
    func counted(_ logarithms: Tensor) -> Tensor {
        let logarithms = separated(logarithms)
        return logShares.map { logarithms + ($0 + log(Double(count))) } ?? logarithms
    }

    /// `[count * batch]` as `[count, batch]`.
    func separated(_ values: Tensor) -> Tensor {
        values.reshaped([count, values.count / count])
    }
}
