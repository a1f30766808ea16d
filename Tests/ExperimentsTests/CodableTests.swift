import Autograd
import Datasets
import Experiments
import FileSupport
import Foundation
import LatentAnalysis
import Models
import NeuralNetworks
import Testing

/// A type of a user who imports everything: none of our names hides one of Swift's.
private struct Temperature: Codable, Equatable {
    var celsius: Double

    private enum Key: CodingKey { case kelvin }

    init(celsius: Double) { self.celsius = celsius }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        celsius = try container.decode(Double.self, forKey: .kelvin) - 273.15
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(celsius + 273.15, forKey: .kelvin)
    }
}

@Suite struct CodableTests {
    @Test func aTypeOfOnesOwnIsCodableBesideOurs() throws {
        let data = try JSONEncoder().encode(Temperature(celsius: 20))
        let found = try JSONDecoder().decode(Temperature.self, from: data)
        #expect(abs(found.celsius - 20) < 1e-9)
        let progress = Progress(totalUnitCount: 3)
        progress.completedUnitCount = 1
        #expect(progress.fractionCompleted < 1)
    }
}
