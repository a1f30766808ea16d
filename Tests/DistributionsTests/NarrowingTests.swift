import Autograd
import Distributions
import Foundation
import TestSupport
import Testing

/// Categories with the unlikely ones left out.
@Suite struct NarrowingTests {
    /// Of 1, 2, 3 and 4 tenths, in another order in the second row.
    private let classes = Categorical(
        logits: log(Tensor(rows: [[0.1, 0.2, 0.3, 0.4], [0.4, 0.1, 0.3, 0.2]])))

    private func shares(_ classes: Categorical) -> [Double] {
        classes.mean.elements(as: Double.self).map { ($0 * 1e6).rounded() / 1e6 }
    }

    @Test func theLikeliestStay() {
        let two = shares(classes.narrowed(topK: 2))
        #expect(two == [0, 0, 0.428571, 0.571429, 0.571429, 0, 0.428571, 0])
        #expect(shares(classes.narrowed(topK: 9)) == shares(classes))
    }

    @Test func asManyStayAsHaveTheShare() {
        #expect(shares(classes.narrowed(topP: 0.4)) == [0, 0, 0, 1, 1, 0, 0, 0])
        #expect(shares(classes.narrowed(topP: 0.41)) == shares(classes.narrowed(topK: 2)))
        #expect(shares(classes.narrowed(topP: 0.95)) == shares(classes))
    }

    @Test func temperatureSharpens() {
        let cold = shares(classes.narrowed(temperature: 0.5))
        #expect(cold[3] == (16.0 / 30 * 1e6).rounded() / 1e6)
        // The share is that of what the temperature leaves.
        #expect(shares(classes.narrowed(temperature: 0.5, topP: 0.5)) == [0, 0, 0, 1, 1, 0, 0, 0])
    }

    @Test func impossibleChoicesTrap() async {
        await #expect(processExitsWith: .failure) {
            _ = Categorical(logits: Tensor.zeros([3])).narrowed(temperature: 0)
        }
        await #expect(processExitsWith: .failure) {
            _ = Categorical(logits: Tensor.zeros([3])).narrowed(topK: 0)
        }
    }
}
